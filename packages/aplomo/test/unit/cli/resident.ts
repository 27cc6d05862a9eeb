import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Ended } from "./aplomo.ts";

let child: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * The command line in one process that stays: what a command says and how it ends, without a start of Node for each call. What only a process
 * of its own shows (standard input, signals, that it ends by itself and has said all) is for `aplomo` of aplomo.ts.
 */
export function resident(args: readonly string[], cwd: string, variables?: NodeJS.ProcessEnv): Promise<Ended> {
  const env = variables ?? { ...process.env, APLOMO_HOME: join(cwd, "home"), NO_COLOR: "1" };
  const asked = last.then(() => ask({ args, cwd, env }));
  last = asked.catch(() => {});
  return asked;
}

async function ask(call: Call): Promise<Ended> {
  child ??= fork(join(import.meta.dirname, "resident-main.js"), { stdio: ["ignore", "ignore", "ignore", "ipc"] });
  const its = child;
  // It is waited for while it works, and never else.
  its.ref();
  its.channel?.ref();
  its.send(call);
  const over = new AbortController();
  try {
    const ended = once(its, "exit", over).then(() =>
      Promise.reject(new Error(`${call.args.join(" ")} ended the process that should stay`)),
    );
    const [answer] = await Promise.race([once(its, "message", over), ended]);
    return answer as Ended;
  } finally {
    over.abort();
    its.unref();
    its.channel?.unref();
  }
}

export interface Call {
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}
