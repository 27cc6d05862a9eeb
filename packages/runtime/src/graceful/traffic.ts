import type { EventEmitter } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Http2Session } from "node:http2";
import type { Socket } from "node:net";
import { delay } from "../time.ts";
import { Farewell } from "./farewell.ts";

/** A connection closed while a request travels on it is a lost request; so idle ones are asked again and again, not once. */
const sweepEvery = 50;
/** A connection that never said a word may be a request on its way: it gets this long. */
const silence = 500;

/** Answers a request itself, or says false. */
export type Intercept = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Everything that comes and goes through one server, from the moment it is watched. A request costs next to nothing until the end. */
export class Traffic {
  readonly server: Server;
  readonly #intercept: Intercept;
  /** Open connections, and since when; with TLS, the encrypted and the plain side of each. */
  readonly #sockets = new Map<Socket, number>();
  /** HTTP/2 has many answers on a connection. */
  readonly #streams = new Set<ServerResponse>();
  readonly #sessions = new Set<Http2Session>();
  readonly #farewell = new Farewell();
  #draining = false;

  constructor(server: Server, intercept: Intercept) {
    this.server = server;
    this.#intercept = intercept;
    const emit = server.emit.bind(server) as EventEmitter["emit"];
    // Before any listener, whenever it was added: frameworks add theirs early, late, or replace them.
    (server as EventEmitter).emit = (event, ...args) => this.#see(event, args) || emit(event, ...args);
  }

  /** Requests being answered now. */
  get inFlight(): number {
    return this.#open().length;
  }

  /** Requests being answered now, for a person: `GET /report`, without query strings. */
  requests(): string[] {
    return this.#open().map(({ req }) => `${req.method} ${(req.url ?? "").split("?", 1)[0]}`);
  }

  /** Everything is still served, but each answer from now on says that it is the connection's last. */
  drain(): void {
    this.#draining = true;
    for (const response of this.#open()) lastAnswer(response);
  }

  /** Accepts no more and resolves when the last connection has gone by itself. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    for (const session of this.#sessions) session.close();
    for (const response of this.#open()) if (isEventStream(response)) response.end();
    this.#farewell.say();
    const sweeper = setInterval(() => this.#sweep(), sweepEvery);
    this.#sweep();
    await closed;
    while (this.#sockets.size > 0) await delay(sweepEvery);
    clearInterval(sweeper);
  }

  /** Ends every connection now. */
  destroy(): void {
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  /**
   * The answers under way. Node keeps a connection's in `_httpMessage`: not documented, but there since its beginnings, and the
   * only way that does not tax each request. Were it gone, answers begun before the signal would miss `Connection: close`, no more.
   */
  #open(): ServerResponse[] {
    const answers = [...this.#sockets.keys()].flatMap((socket) => (socket as { _httpMessage?: ServerResponse | null })._httpMessage ?? []);
    return [...answers, ...this.#streams];
  }

  /** True when the event was dealt with and no listener needs it. */
  #see(event: string | symbol, args: unknown[]): boolean {
    if (event === "request" || event === "checkContinue") return this.#request(args[0] as IncomingMessage, args[1] as ServerResponse);
    if (event === "connection" || event === "secureConnection") this.#connection(args[0] as Socket);
    else if (event === "upgrade") this.#farewell.add(args[0] as IncomingMessage, args[1] as Socket);
    else if (event === "session") this.#session(args[0] as Http2Session);
    return false;
  }

  #request(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#draining) lastAnswer(response);
    if (this.#intercept(request, response)) return true;
    if (request.httpVersionMajor > 1) this.#stream(response);
    return false;
  }

  #stream(response: ServerResponse): void {
    this.#streams.add(response);
    response.once("close", () => this.#streams.delete(response));
  }

  #connection(socket: Socket): void {
    this.#sockets.set(socket, performance.now());
    socket.once("close", () => this.#sockets.delete(socket));
  }

  #session(session: Http2Session): void {
    this.#sessions.add(session);
    session.once("close", () => this.#sessions.delete(session));
  }

  /** Right after a poll for input, so that a request that has already arrived is known and its connection not idle. */
  #sweep(): void {
    setImmediate(() => {
      this.server.closeIdleConnections?.();
      const old = performance.now() - silence;
      // Node counts a connection without any request as busy, for as long as headersTimeout.
      for (const [socket, since] of this.#sockets) if (socket.bytesRead === 0 && since < old) socket.destroy();
    });
  }
}

function lastAnswer(response: ServerResponse): void {
  if (response.headersSent || response.req.httpVersionMajor > 1) return;
  response.setHeader("Connection", "close");
}

function isEventStream(response: ServerResponse): boolean {
  // Headers given to writeHead alone cannot be read back; an EventSource always says what it wants.
  const type = response.getHeader("content-type") ?? response.req.headers.accept;
  return response.headersSent && String(type).includes("text/event-stream");
}
