import type { IncomingMessage } from "node:http";
import { Limiter } from "./rate.ts";
import type { Caller } from "./tokens.ts";

/** Who may come in, and how. */
export interface Guard {
  /** Whose token it is. */
  callerOf(token: string): Promise<Caller | undefined>;
  /** Requests must have come over TLS to whatever stands in front. */
  tls: boolean;
}

export type Admission =
  | { caller: Caller; cookie?: string }
  /** A person is asked for the token. */
  | { status: number; message: string; login?: true };

export const cookieName = "aplomo";
const wrongTokens = { burst: 10, perSecond: 0.1 };
const requests = { burst: 200, perSecond: 50 };

/** Judges each request at a door that anybody can reach: token, origin, rate, TLS. */
export class Gatekeeper {
  readonly #guard: Guard;
  readonly #now: () => Date;
  readonly #requests = new Limiter(requests);
  readonly #wrong = new Limiter(wrongTokens);

  constructor(guard: Guard, now: () => Date) {
    this.#guard = guard;
    this.#now = now;
  }

  async admit(request: IncomingMessage, url: URL): Promise<Admission> {
    const client = request.socket.remoteAddress ?? "";
    const now = this.#now().getTime();
    if (!this.#requests.take(client, now)) return { status: 429, message: "too many requests" };
    if (this.#guard.tls && request.headers["x-forwarded-proto"] !== "https")
      return { status: 403, message: "only over HTTPS: put an edge with a certificate in front, which sets X-Forwarded-Proto" };
    const { token, isCookie } = tokenOf(request, url);
    if (token === undefined) return { status: 401, message: "a token is needed", login: true };
    const changes = request.method !== "GET" && request.method !== "HEAD";
    // A page elsewhere can make a browser send its cookie, but not an origin of ours.
    if (changes && isCookie && !isOwnOrigin(request, this.#guard.tls)) return { status: 403, message: "it comes from another page" };
    const caller = await this.#guard.callerOf(token);
    if (caller) return { caller, ...(isCookie ? {} : { cookie: this.#cookie(token) }) };
    return this.#wrong.take(client, now)
      ? { status: 401, message: "the token is not right", login: true }
      : { status: 429, message: "too many wrong tokens: wait a minute" };
  }

  #cookie(token: string): string {
    return `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict${this.#guard.tls ? "; Secure" : ""}`;
  }
}

function tokenOf(request: IncomingMessage, url: URL): { token: string | undefined; isCookie: boolean } {
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
  // In an address only for the first page, which is left at once for one without it.
  const token = bearer ?? (request.method === "GET" ? (url.searchParams.get("token") ?? undefined) : undefined);
  if (token !== undefined) return { token, isCookie: false };
  const cookie = new RegExp(`(?:^|;\\s*)${cookieName}=([\\w-]+)`).exec(request.headers.cookie ?? "")?.[1];
  return { token: cookie, isCookie: true };
}

export function isOwnOrigin({ headers }: IncomingMessage, tls: boolean): boolean {
  return headers.host !== undefined && headers.origin === `${tls ? "https" : "http"}://${headers.host}`;
}
