import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AplomoError } from "../base/errors.ts";
import type { Context } from "../host/context.ts";
import { systemd } from "../host/systemd.ts";
import { cronLine, editCrontab, systemdUnits, unitName, type Job, type Scheduled } from "./schedule.ts";

export type Scheduler = Exclude<Scheduled["by"], "agent">;

const limit = 30_000;

/** What this machine has: a systemd that answers, for the user who asks; else cron. */
export async function findScheduler(ctx: Context): Promise<Scheduler | undefined> {
  const root = process.getuid?.() === 0;
  const ask = async (argv: [string, ...string[]]): Promise<boolean> =>
    (await ctx.host.attempt({ argv, timeout: limit }, ctx.signal)).code === 0;
  if (await ask(["systemctl", ...(root ? [] : ["--user"]), "list-timers", "--no-pager"])) return root ? "systemd" : "systemd --user";
  // 1 is what it answers who has none yet.
  const { code } = await ctx.host.attempt({ argv: ["crontab", "-l"], timeout: limit }, ctx.signal);
  return code === 0 || code === 1 ? "cron" : undefined;
}

/** Installs a schedule, or the same again; what it had before under this name is replaced. */
export async function install(ctx: Context, by: Scheduler, job: Job): Promise<string[]> {
  if (by === "cron") {
    await changeCrontab(ctx, job.app, cronLine(job));
    return ["crontab"];
  }
  const { folder, systemctl } = systemd(by);
  const units = systemdUnits(job);
  const files = (["service", "timer"] as const).map((kind) => ({ path: join(folder, `${unitName(job.app)}.${kind}`), text: units[kind] }));
  await mkdir(folder, { recursive: true });
  for (const { path, text } of files) await writeFile(path, text, { mode: 0o644 });
  await ctx.host.run({ argv: [...systemctl, "daemon-reload"], timeout: limit }, ctx.signal);
  await ctx.host.run({ argv: [...systemctl, "enable", "--now", `${unitName(job.app)}.timer`], timeout: limit }, ctx.signal);
  return files.map(({ path }) => path);
}

export async function uninstall(ctx: Context, by: Scheduler, app: string): Promise<void> {
  if (by === "cron") return changeCrontab(ctx, app, undefined);
  const { folder, systemctl } = systemd(by);
  await ctx.host.attempt({ argv: [...systemctl, "disable", "--now", `${unitName(app)}.timer`], timeout: limit }, ctx.signal);
  for (const kind of ["service", "timer"]) await rm(join(folder, `${unitName(app)}.${kind}`), { force: true });
  await ctx.host.run({ argv: [...systemctl, "daemon-reload"], timeout: limit }, ctx.signal);
}

async function changeCrontab(ctx: Context, app: string, line: string | undefined): Promise<void> {
  const { code, stdout, stderr } = await ctx.host.attempt({ argv: ["crontab", "-l"], timeout: limit }, ctx.signal);
  // Whoever has no crontab is answered 1; anything else must not be taken for an empty one, which would then replace it.
  if (code !== 0 && !(code === 1 && /no crontab/i.test(stderr)))
    throw new AplomoError({ operation: "read", subject: "the crontab", cause: stderr.trim() || `exit code ${code}` });
  const text = editCrontab(code === 0 ? stdout : "", app, line);
  await ctx.host.run({ argv: ["crontab", "-"], input: text, timeout: limit }, ctx.signal);
}
