import { Agent, request, type ClientRequest, type IncomingMessage } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";

/** Where a site is reached. */
export interface Door {
  port: number;
  host: string;
  /** Over TLS, taking any certificate. */
  secure?: boolean;
}

export interface Reply {
  status: number;
  /** The unit that answered, and what it said besides. */
  name: string;
  text: string;
}

/** One request on a connection of its own, or of `agent`. Rejects for whatever is not a complete answer; never tries again. */
export function ask(
  door: Door,
  path = "/",
  options: { method?: string; body?: string; agent?: Agent; timeout?: number } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { method = "GET", body, agent, timeout = 20_000 } = options;
    const heard = (answer: IncomingMessage): void => {
      let said = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => (said += chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const [name = "", ...rest] = said.split(" ");
        resolve({ status: answer.statusCode ?? 0, name, text: rest.join(" ") });
      });
    };
    const common = { host: "127.0.0.1", port: door.port, path, method, agent: agent ?? false, headers: { host: door.host }, timeout };
    const asked: ClientRequest = door.secure
      ? secureRequest({ ...common, servername: door.host, rejectUnauthorized: false }, heard)
      : request(common, heard);
    asked.on("error", (error) => reject(Object.assign(error, { reused: asked.reusedSocket })));
    asked.on("timeout", () => asked.destroy(new Error(`no answer within ${timeout} ms`)));
    asked.end(body);
  });
}

/** A request that did not end in 200 with a unit's name. */
export interface Miss {
  what: string;
  /** On a connection that had been used before. */
  reused: boolean;
  afterMs: number;
}

export interface Tally {
  sent: number;
  misses: Miss[];
  /** Requests that a unit answered which was no longer in front when they began. */
  late: number;
  slowestMs: number;
  by: Record<string, number>;
}

/**
 * A steady stream of requests that forgives nothing: half on new connections, half on kept ones, every eighth a POST. A miss is any status
 * but 200, any reset, any refusal, any request without an answer after 20 s; nothing is tried again.
 */
export class EdgeLoad {
  readonly #door: Door;
  readonly #kept: Agent;
  readonly #timer: NodeJS.Timeout;
  readonly #under = new Set<Promise<void>>();
  readonly #gone = new Map<string, number>();
  readonly tally: Tally = { sent: 0, misses: [], late: 0, slowestMs: 0, by: {} };

  constructor(door: Door, perSecond: number) {
    this.#door = door;
    const options = { keepAlive: true, scheduling: "fifo", maxFreeSockets: 20 } as const;
    this.#kept = door.secure ? new SecureAgent(options) : new Agent(options);
    const begun = performance.now();
    this.#timer = setInterval(() => {
      const due = ((performance.now() - begun) / 1_000) * perSecond;
      while (this.tally.sent < due) this.#send();
    }, 5);
  }

  /** From now on no new request may be answered by this unit. */
  gone(name: string): void {
    this.#gone.set(name, performance.now());
  }

  async stop(): Promise<Tally> {
    clearInterval(this.#timer);
    await Promise.all(this.#under);
    this.#kept.destroy();
    return this.tally;
  }

  #send(): void {
    const number = (this.tally.sent += 1);
    const begun = performance.now();
    const kept = number % 2 === 0 ? { agent: this.#kept } : {};
    const post = number % 8 < 2 && number % 16 < 8 ? { method: "POST", body: "x".repeat(1_000) } : {};
    const done = ask(this.#door, "/", { ...kept, ...post })
      .then(
        ({ status, name, text }) => {
          if (status !== 200) return this.#miss(`${status} ${name} ${text}`.slice(0, 200), false, begun);
          if ("body" in post && text !== "1000") this.#miss(`the body came as ${text}`, false, begun);
          this.tally.by[name] = (this.tally.by[name] ?? 0) + 1;
          const gone = this.#gone.get(name);
          if (gone !== undefined && begun > gone) this.tally.late += 1;
        },
        (error: NodeJS.ErrnoException & { reused?: boolean }) => this.#miss(error.code ?? error.message, error.reused === true, begun),
      )
      .finally(() => {
        this.tally.slowestMs = Math.max(this.tally.slowestMs, Math.round(performance.now() - begun));
        this.#under.delete(done);
      });
    this.#under.add(done);
  }

  #miss(what: string, reused: boolean, begun: number): void {
    this.tally.misses.push({ what, reused, afterMs: Math.round(performance.now() - begun) });
  }
}

/** A WebSocket as an edge sees one: an upgraded connection on which bytes go both ways. */
export interface Wire {
  /** What comes back for a text; rejects when the connection is gone. */
  say(text: string): Promise<string>;
  readonly open: boolean;
  close(): void;
}

export function upgrade(door: Door): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const headers = {
      host: door.host,
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGVzdHRlc3R0ZXN0dGVzdA==",
    };
    const asked = request({ host: "127.0.0.1", port: door.port, headers, agent: false, timeout: 10_000 });
    asked.on("error", reject);
    asked.on("response", (answer) => reject(new Error(`not upgraded: ${answer.statusCode}`)));
    asked.on("upgrade", (_answer, socket) => resolve(wire(socket)));
    asked.end();
  });
}

function wire(socket: Duplex): Wire {
  let open = true;
  const lines = createInterface(socket);
  socket.on("close", () => (open = false)).on("error", () => {});
  return {
    say: (text) =>
      new Promise((resolve, reject) => {
        if (!open) return reject(new Error("the connection is gone"));
        lines.once("line", resolve);
        socket.once("close", () => reject(new Error("the connection was cut")));
        socket.write(`${text}\n`);
      }),
    get open() {
      return open;
    },
    close: () => void socket.destroy(),
  };
}
