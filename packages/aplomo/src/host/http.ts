import type { Socket } from "node:net";
import type { PeerCertificate, TLSSocket } from "node:tls";

/** An answer, or why there was none. */
export interface Answer {
  status: number | null;
  /** The first 64 KiB of the body. */
  body: string;
  /** `ECONNREFUSED`, `no answer within 5 s`; null when there was an answer. */
  problem: string | null;
  ms: number;
  /** The server's clock when it answered, and when its certificate ends, where it told; milliseconds since 1970. */
  at?: number;
  certificateEnds?: number;
}

const most = 64 * 1024;

/**
 * One GET on a connection of its own (a kept one would hold up the unit that drains). Never throws. `as`: the host name to ask for at an
 * address of this machine, whose certificate is not judged.
 */
export async function get(url: string, timeout: number, as?: string): Promise<Answer> {
  const started = performance.now();
  // Loading them takes as long as starting Node; commands that ask nobody do without.
  const { request: ask } = await (url.startsWith("https:") ? import("node:https") : import("node:http"));
  return new Promise((resolve) => {
    let body = "";
    let told: Pick<Answer, "at" | "certificateEnds"> = {};
    const answer = (status: number | null, problem: string | null): void =>
      resolve({ status, body, problem, ms: Math.round(performance.now() - started), ...told });
    if (!/^https?:/i.test(url) || !URL.canParse(url)) return answer(null, "it is not an HTTP URL");
    const request = ask(
      url,
      {
        agent: false,
        headers: { "user-agent": "aplomo", connection: "close", ...(as === undefined ? {} : { host: as }) },
        ...named(as),
        signal: AbortSignal.timeout(timeout),
      },
      (response) => {
        told = { ...moment("at", response.headers.date), ...moment("certificateEnds", certificateOf(response.socket)?.valid_to) };
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          body = (body + chunk).slice(0, most);
          // Enough was heard: some addresses never stop talking.
          if (body.length === most) request.destroy();
        });
        response.on("end", () => answer(response.statusCode ?? null, null));
        response.on("error", (error) =>
          body.length === most ? answer(response.statusCode ?? null, null) : answer(null, problemOf(error, timeout)),
        );
      },
    );
    request.on("error", (error) => answer(null, problemOf(error, timeout)));
    request.end();
  });
}

function certificateOf(socket: Socket): PeerCertificate | undefined {
  return "getPeerCertificate" in socket ? (socket as TLSSocket).getPeerCertificate() : undefined;
}

function moment<Name extends string>(name: Name, text: string | undefined): { [name in Name]?: number } {
  const ms = Date.parse(text ?? "");
  return Number.isNaN(ms) ? {} : ({ [name]: ms } as { [name in Name]: number });
}

function named(host: string | undefined): { servername?: string; rejectUnauthorized?: false } {
  return host === undefined ? {} : { servername: host, rejectUnauthorized: false };
}

function problemOf(error: NodeJS.ErrnoException, timeout: number): string {
  if (error.name === "TimeoutError" || error.name === "AbortError") return `no answer within ${timeout / 1_000} s`;
  return error.code ?? error.message;
}
