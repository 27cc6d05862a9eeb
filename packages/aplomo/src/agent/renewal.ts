import { realpath, stat } from "node:fs/promises";
import type { Context } from "../host/context.ts";
import type { Program } from "./start.ts";

/** A program that was put there is given so long until all of it is, and is tried again so often when it does not start. */
const settled = 10_000;
const again = 60_000;

/** Notices that another program has come into the place of the one that runs: what stays for months would else run old code. */
export class Renewal {
  readonly #ctx: Context;
  readonly #program: Program;
  readonly #own: string | undefined;
  /** What stands there now, and from when on it may be tried. */
  #seen: { print: string; from: number } | undefined;

  private constructor(ctx: Context, program: Program, own: string | undefined) {
    this.#ctx = ctx;
    this.#program = program;
    this.#own = own;
  }

  static async from(ctx: Context, program: Program): Promise<Renewal> {
    return new Renewal(ctx, program, await printOf(program));
  }

  /** True once another one stands there, all of it, and starts. */
  async isDue(): Promise<boolean> {
    const print = await printOf(this.#program);
    // Taken away, or between two: what runs is better than nothing.
    if (print === undefined || print === this.#own) {
      this.#seen = undefined;
      return false;
    }
    const now = this.#ctx.now().getTime();
    if (this.#seen?.print !== print) this.#seen = { print, from: now + settled };
    if (now < this.#seen.from) return false;
    this.#seen.from = now + again;
    const { code } = await this.#ctx.host.attempt({ argv: [...this.#program, "--version"], timeout: 30_000 }, this.#ctx.signal);
    if (code === 0) this.#seen.from = now;
    return code === 0;
  }
}

/** Which file it is, behind whatever links: npm gives all of them one date, and versions may be equally long. */
async function printOf([, script = ""]: Program): Promise<string | undefined> {
  try {
    const path = await realpath(script);
    const { ino, size, ctimeMs } = await stat(path);
    return `${path} ${ino} ${size} ${ctimeMs}`;
  } catch {
    return undefined;
  }
}
