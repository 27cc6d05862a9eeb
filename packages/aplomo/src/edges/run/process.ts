import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { AplomoError } from "../../base/errors.ts";
import { poll } from "../../base/time.ts";
import type { Context } from "../../host/context.ts";
import { makePrivateFolder, readIfPresent } from "../../host/files.ts";
import { lastLines } from "../../host/run.ts";
import type { Program, Runner } from "./runner.ts";

/** Writes its number and becomes the program. The program's words are arguments: the script is the same for all. */
const become = 'echo $$ >"$1" && shift && exec "$@"';

/** A process of its own session, which outlives Aplomo. Nothing but the next `ensure` starts it again. */
export function processRunner(ctx: Context, { name, folder, args, env }: Program, program: string): Runner {
  const pidFile = join(folder, `${name}.pid`);
  const log = join(folder, `${name}.log`);
  const argv = [program, ...args] as const;

  /** Its number; undefined when it has ended, or when the number is another program's by now. */
  async function pid(): Promise<number | undefined> {
    const number = Number(await readIfPresent(pidFile));
    if (!(number > 0)) return undefined;
    const line = await readFile(`/proc/${number}/cmdline`, "utf8").catch(() => "");
    // Its first word may have been another path to it.
    return line.split("\0").slice(1, -1).join("\0") === args.join("\0") ? number : undefined;
  }

  return {
    running: async () => (await pid()) !== undefined,
    async start() {
      if ((await pid()) !== undefined) return;
      await makePrivateFolder(folder);
      const output = await open(log, "w", 0o600);
      try {
        const { ended } = ctx.host.spawn(
          {
            argv: ["setsid", "--fork", "sh", "-c", become, "sh", pidFile, ...argv],
            cwd: "/",
            env: { PATH: process.env["PATH"], ...env },
            cleanEnv: true,
          },
          ["ignore", output.fd, output.fd],
        );
        await ended;
      } finally {
        await output.close();
      }
      // `setsid` has ended before the script has written the number.
      await poll(async () => ((await pid()) === undefined ? undefined : true), { limit: 2_000, every: 20 });
    },
    async stop() {
      const running = await pid();
      if (running !== undefined) {
        process.kill(running, "SIGTERM");
        const gone = async (): Promise<true | undefined> => ((await pid()) === undefined ? true : undefined);
        if (!(await poll(gone, { limit: 15_000 }))) {
          const cause = "it does not end";
          throw new AplomoError({ operation: "stop", subject: `${name} (process ${running})`, cause, hint: "End it, then call again." });
        }
      }
      await rm(pidFile, { force: true });
    },
    command: (more) => ({ argv: [program, ...more], env: { PATH: process.env["PATH"], ...env }, cleanEnv: true }),
    said: async (lines) => lastLines(((await readIfPresent(log)) ?? "").trim(), lines),
  };
}
