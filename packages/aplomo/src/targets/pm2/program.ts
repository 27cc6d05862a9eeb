import { access, constants } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { AplomoError } from "../../base/errors.ts";
import type { Context } from "../../host/context.ts";
import { lastLines, type Command } from "../../host/run.ts";
import { runRecorded, settle } from "../../host/recorded-run.ts";
import { lostBySaving, protectSaved } from "./saved-list.ts";
import { isUp, parseProcessList, type Pm2Process } from "./process-list.ts";
import { wake } from "./waking.ts";

/** PM2 on this machine: started as a program, never imported (AGPL). */
export interface Pm2 {
  /** The folder of its daemon. */
  home: string;
  version(): Promise<string>;
  list(): Promise<Pm2Process[]>;
  /**
   * Waits for what an Aplomo that was killed had asked of PM2: it goes on by itself, and asking again meanwhile would start
   * everything twice, or stop what was just started. To be called before looking at the list in order to change it.
   */
  settle(): Promise<void>;
  /** Starts what a process file says; `limit` in milliseconds. */
  launch(file: string, limit: number): Promise<void>;
  stop(processes: Pm2Process[]): Promise<void>;
  restart(processes: Pm2Process[]): Promise<void>;
  /** Counts restarts from zero again. */
  reset(processes: Pm2Process[]): Promise<void>;
  remove(processes: Pm2Process[]): Promise<void>;
  /** As `remove`, one that the caller has just seen run under its id and that PM2 never restarts: PM2 is not asked for its list, before or after. */
  removeSeen(process: Pm2Process): Promise<void>;
  /** Makes the present list the one a reboot brings back; false when it was left as it was. */
  save(): Promise<boolean>;
}

export const missing = {
  message: "PM2 is not installed",
  hint: "Install it in the app's folder, `npm install pm2`, or for everybody, `npm install --global pm2`.",
};

const usual = 60_000;

export function openProgram(ctx: Context, directory: string, app: string): Pm2 {
  const home = process.env["PM2_HOME"] ?? join(homedir(), ".pm2");
  const record = { folder: join(ctx.home, "pm2", app), id: "call" };
  const env = baseEnvironment();
  let path: string | undefined;

  async function command(args: readonly string[]): Promise<Command> {
    path ??= await findPm2(directory, env["PATH"] ?? "");
    if (path === undefined) throw new AplomoError({ operation: "run", subject: "pm2", cause: missing.message, hint: missing.hint });
    // PM2 puts the environment of whoever calls it into the processes it starts, and keeps it there: a variable that was removed
    // would stay. So it never sees ours. The folder is "/": the daemon keeps the one it was started in for good.
    return { argv: [path, ...args], cwd: "/", env: { ...env, PM2_HOME: home }, cleanEnv: true };
  }

  const waking = (): Promise<void> =>
    wake(home, join(ctx.home, "pm2", "waking"), usual, async () => ctx.host.attempt({ ...(await command(["ping"])), timeout: usual }));

  async function ask(...args: string[]): Promise<string> {
    const asked = await command(args);
    await waking();
    const result = await ctx.host.attempt({ ...asked, timeout: usual });
    if (result.code !== 0) throw failure(home, args, result.timedOut, result.stderr.trim() || result.stdout);
    return result.stdout;
  }

  /** Not given a signal: what the daemon was asked to do goes on all the same, and half a call leaves nobody knowing. */
  async function change(args: string[], limit: number): Promise<void> {
    const asked = await command(args);
    await waking();
    const { code, timedOut, output } = await runRecorded(ctx.host, { ...record, command: asked, limit });
    if (code !== 0) throw failure(home, args, timedOut, output);
  }

  const list = async (): Promise<Pm2Process[]> => parseProcessList(await ask("jlist"));

  const present = async (processes: readonly Pm2Process[]): Promise<Pm2Process[]> => {
    const asked = new Set(processes.map(({ id, name }) => `${id} ${name}`));
    return (await list()).filter(({ id, name }) => asked.has(`${id} ${name}`));
  };

  /** By PM2's id, never by name: a name or a namespace would reach processes that were not meant. Those that are gone are done. */
  async function act(verb: "restart" | "reset", processes: Pm2Process[]): Promise<void> {
    if (processes.length > 0) await tell(verb, await present(processes));
  }

  async function tell(verb: "stop" | "restart" | "reset" | "delete", found: Pm2Process[]): Promise<void> {
    const slowest = Math.max(0, ...found.map(({ settings }) => Number(settings["kill_timeout"] ?? 1_600)));
    // `reset` alone takes one id at a time.
    const groups = verb === "reset" ? found.map((one) => [one]) : [found];
    for (const group of groups) {
      const ids = group.map(({ id }) => String(id));
      if (ids.length > 0) await change([verb, ...ids], usual + 2 * ids.length * slowest);
    }
  }

  /** A process that ends by itself while PM2 is told to end it may be begun anew all the same: looked at, and told again. */
  async function end(verb: "stop" | "delete", processes: Pm2Process[]): Promise<void> {
    if (processes.length === 0) return;
    for (let left = await present(processes), times = 0; left.length > 0; times++) {
      if (times === 5) throw failure(home, [verb, ...left.map(({ id }) => String(id))], false, "they are begun anew each time");
      await tell(verb, left);
      left = (await present(processes)).filter((one) => verb === "delete" || isUp(one));
    }
  }

  return {
    home,
    list,
    version: async () => (await ask("--version")).trim().split("\n").at(-1) ?? "",
    settle: async () => void (await settle(ctx.host, record, "wait", usual)),
    launch: (file, limit) => change(["start", file], usual + limit),
    stop: (processes) => end("stop", processes),
    restart: (processes) => act("restart", processes),
    reset: (processes) =>
      act(
        "reset",
        processes.filter(({ restarts }) => restarts > 0),
      ),
    remove: (processes) => end("delete", processes),
    removeSeen: (process) => tell("delete", [process]),
    async save() {
      const lost = await lostBySaving(home, app, await list());
      if (lost.length > 0) {
        ctx.emit({
          type: "warning",
          message: `PM2's saved list names processes that do not exist now (${lost.join(", ")}), so it was not replaced`,
          hint: "Run `pm2 resurrect` to bring them back, or `pm2 save --force` when they are meant to be gone.",
        });
        return false;
      }
      await protectSaved(home);
      await change(["save", "--force"], usual);
      return true;
    },
  };
}

function failure(home: string, args: string[], timedOut: boolean, output: string): AplomoError {
  const said = lastLines(stripVTControlCharacters(output).trim(), 5);
  return new AplomoError({
    operation: "run",
    subject: `pm2 ${args.join(" ")}`,
    cause: timedOut ? "it did not end in time" : said || "it failed and said nothing",
    hint: `Look at ${join(home, "pm2.log")}.`,
  });
}

/** What every process needs to find programs and its folder; nothing an application would be configured by. */
export function baseEnvironment(): Record<string, string> {
  const node = dirname(process.execPath);
  const path = process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin";
  return {
    PATH: path.split(delimiter).includes(node) ? path : `${path}${delimiter}${node}`,
    HOME: homedir(),
    USER: userInfo().username,
    LANG: process.env["LANG"] ?? "C.UTF-8",
  };
}

/** `node_modules/.bin` from the folder upwards, then the PATH. */
export async function findPm2(directory: string, path: string): Promise<string | undefined> {
  const above: string[] = [];
  for (let folder = directory; ; folder = dirname(folder)) {
    above.push(join(folder, "node_modules", ".bin"));
    if (folder === dirname(folder)) break;
  }
  for (const folder of [...above, ...path.split(delimiter).filter(Boolean)]) {
    const file = join(folder, "pm2");
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // Not in this one.
    }
  }
  return undefined;
}
