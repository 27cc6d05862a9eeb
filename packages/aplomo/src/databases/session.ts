import { randomBytes } from "node:crypto";
import { AplomoError } from "../base/errors.ts";
import type { Context } from "../host/context.ts";
import type { Command, Running } from "../host/run.ts";

/** How an engine's client program is talked to. */
export interface Talk {
  /** The first statements of every session. */
  opening: string;
  /** A line that prints this text as a line of its own. */
  echo: (text: string) => string;
  /** What ends the program; its input ends after it. */
  farewell: string;
  /** A query that prints the rows of another one, and what reads them. */
  asJson: (query: string) => string;
  fromJson: (text: string) => unknown[];
  /** What the server or the program said, without what is only for a terminal. */
  message: (said: string) => string;
}

/**
 * One client program under way, fed statement by statement. Each is followed by what prints a random line, so what comes before
 * that line is its answer. The first error ends the session, and whatever transaction it had is undone by the server.
 */
export class Session {
  #running: Running;
  #talk: Talk;
  #subject: string;
  #token = `aplomo-${randomBytes(12).toString("hex")}`;
  #text = "";
  #said = "";
  #waiting: { resolve: (answer: string) => void; reject: (error: Error) => void } | undefined;
  #over = false;
  #turn: Promise<unknown> = Promise.resolve();
  #stop: () => void;

  private constructor(ctx: Context, talk: Talk, command: Command, subject: string) {
    this.#talk = talk;
    this.#subject = subject;
    this.#running = ctx.host.spawn(command, ["pipe", "pipe", "pipe"]);
    const { stdin, stdout, stderr, ended } = this.#running;
    stdin?.on("error", () => {});
    stdout?.setEncoding("utf8").on("data", (chunk: string) => this.#take(chunk));
    stderr?.setEncoding("utf8").on("data", (chunk: string) => (this.#said = (this.#said + chunk).slice(-16_384)));
    this.#stop = () => this.#running.kill();
    ctx.signal.addEventListener("abort", this.#stop, { once: true });
    void ended.then(() => {
      ctx.signal.removeEventListener("abort", this.#stop);
      this.#over = true;
      this.#waiting?.reject(ctx.signal.aborted ? (ctx.signal.reason as Error) : this.#failure());
      this.#waiting = undefined;
    });
  }

  /** Opens one for a piece of work, and ends it whatever comes of that. */
  static async use<T>(ctx: Context, talk: Talk, command: Command, subject: string, work: (session: Session) => Promise<T>): Promise<T> {
    const session = await Session.open(ctx, talk, command, subject);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }

  static async open(ctx: Context, talk: Talk, command: Command, subject: string): Promise<Session> {
    ctx.signal.throwIfAborted();
    const session = new Session(ctx, talk, command, subject);
    await session.run(talk.opening);
    return session;
  }

  /** Runs statements, each ending with a semicolon; what they print is returned as text. Calls wait for each other. */
  run(sql: string): Promise<string> {
    const result = this.#turn.then(() => this.#send(sql));
    this.#turn = result.catch(() => {});
    return result;
  }

  /** The rows of one query, as objects. Whole numbers over 2^53 must be cast to text. */
  async rows<T>(query: string): Promise<T[]> {
    return this.#talk.fromJson(await this.run(this.#talk.asJson(query))) as T[];
  }

  /** The one row of a query. */
  async row<T>(query: string): Promise<T> {
    const [row] = await this.rows<T>(query);
    if (row === undefined) throw new AplomoError({ operation: "ask", subject: this.#subject, cause: `no row came back for: ${query}` });
    return row;
  }

  /** It is open, and nobody waits for an answer. */
  get idle(): boolean {
    return !this.#over && !this.#waiting;
  }

  /** Ends it; an open transaction is undone. Never throws. */
  async close(): Promise<void> {
    this.#over = true;
    // A long count that nobody waits for any more: the program tells the server.
    if (this.#waiting) this.#running.kill("SIGINT");
    this.#running.stdin?.end(`\n${this.#talk.farewell}\n`);
    const force = setTimeout(() => this.#running.kill("SIGKILL"), 5_000);
    await this.#running.ended;
    clearTimeout(force);
  }

  #send(sql: string): Promise<string> {
    if (this.#over) return Promise.reject(this.#failure());
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#text = "";
      this.#running.stdin?.write(`${sql}\n${this.#talk.echo(this.#token)}\n`);
    });
  }

  #take(chunk: string): void {
    // Only the end can hold a mark that was not there before.
    const from = Math.max(0, this.#text.length - this.#token.length);
    this.#text += chunk;
    const at = this.#text.indexOf(`${this.#token}\n`, from);
    if (at === -1) return;
    const answer = this.#text.slice(0, at).replace(/\n$/, "");
    this.#text = "";
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(answer);
  }

  #failure(): AplomoError {
    return new AplomoError({ operation: "ask", subject: this.#subject, cause: this.#talk.message(this.#said) });
  }
}
