import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { counted } from "../../base/count.ts";
import { AplomoError, UsageError } from "../../base/errors.ts";
import type { Config } from "../../config/config.ts";
import type { Pm2Settings } from "../../config/schema.ts";
import { flushFolder, makePrivateFolder, writeFileSafely } from "../../host/files.ts";
import { CommandError } from "../../host/run.ts";
import type { Context } from "../../host/context.ts";
import type { ReleaseFolder, Staged } from "../contract.ts";
import { fingerprintEnvironment } from "../release-env.ts";
import { clashes, ecosystem, isClustered, processFile } from "./ecosystem.ts";
import { findRecord, layout, readRecord, writeRecord, type ReleaseRecord } from "./layout.ts";
import { isPm2s } from "./pm2-variables.ts";
import { isOf, releaseOf } from "./process-list.ts";
import { baseEnvironment, type Pm2 } from "./program.ts";
import { migrationsHash, openSource, readMigrations, readSource } from "./source.ts";
import { broken, combine, contents, copy, walk, type Entry } from "../tree.ts";

const installLimit = 30 * 60_000;

export interface Staging {
  ctx: Context;
  config: Config;
  target: Pm2Settings;
  pm2: Pm2;
}

export async function preview(
  { ctx, config, target, pm2 }: Staging,
  code?: ReleaseFolder,
): Promise<Pick<Staged, "artifacts" | "environment" | "migrations">> {
  const environment = await fingerprintEnvironment(ctx, variables(config, target));
  if (code) return { ...codeOf(await readRecord(code)), environment };
  const { files } = await readSource(openSource(ctx, config, target, pm2.home));
  return { artifacts: { app: combine(files) }, environment, migrations: migrationsHash(config, files) };
}

/** As a release has them, or as the source does now. */
export async function migrations({ ctx, config, target, pm2 }: Staging, release: ReleaseFolder | null): Promise<Record<string, Buffer>> {
  const folder = config.settings.migrate?.files;
  if (folder === undefined) return {};
  const { root, leaveOut } = openSource(ctx, config, target, pm2.home);
  return release === null ? readMigrations(root, folder, leaveOut) : readMigrations(layout(release).app, folder, isDependency);
}

function codeOf({ staged: { artifacts, migrations } }: ReleaseRecord): Pick<Staged, "artifacts" | "migrations"> {
  return { artifacts, migrations };
}

/** What the release's folder is copied from: the source, or what another release was made of, without what the app wrote there since. */
async function entriesOf(staging: Staging, code: ReleaseFolder | undefined): Promise<{ root: string; entries: Entry[] }> {
  const { ctx, config, target, pm2 } = staging;
  if (!code) {
    const { root, leaveOut } = openSource(ctx, config, target, pm2.home);
    return { root, entries: await walk(root, leaveOut) };
  }
  const { files } = await readRecord(code);
  const root = layout(code).app;
  const entries = await walk(root, () => false);
  return { root, entries: entries.filter(({ kind, path }) => kind === "folder" || path in files || isDependency(path)) };
}

/** Makes the release's folder complete. A release that is complete stays as it is: its name stands for what it was. */
export async function stage(staging: Staging, release: ReleaseFolder, code?: ReleaseFolder): Promise<Staged> {
  const done = await findRecord(release);
  if (done) return done.staged;
  const { ctx, config, target } = staging;
  const at = layout(release);
  await makePrivateFolder(release.path);
  await chmod(release.path, 0o700);
  for (const path of [at.partial, at.app, at.logs]) await rm(path, { recursive: true, force: true });

  const { root, entries } = await entriesOf(staging, code);
  await copy(entries, root, at.partial);
  // Of the copy, not of the source: what was changed meanwhile is what the release has.
  const copied = await contents(await walk(at.partial, () => false), at.partial);
  await refuseBroken(await broken(entries, root, at.partial));
  const made = code ? codeOf(await readRecord(code)) : { artifacts: { app: combine(copied) }, migrations: migrationsHash(config, copied) };
  await rename(at.partial, at.app);
  const installMs = target.install && !code ? await install(ctx, target.install, release) : null;

  const values = variables(config, target);
  const files = target.install ? await contents(await walk(at.app, isDependency), at.app) : copied;
  await mkdir(at.logs, { mode: 0o700 });
  await mkdir(at.runs, { recursive: true, mode: 0o700 });
  const own = { ...baseEnvironment(), ...values, APLOMO_RELEASE: release.id };
  await writeFileSafely(at.ecosystem, processFile(ecosystem(config.settings.app, target, release, own)));
  await flush(ctx, release.path);
  const staged: Staged = {
    ...made,
    environment: await fingerprintEnvironment(ctx, values),
    evidence: { files: Object.keys(files).length, folder: release.path, ...(installMs === null ? {} : { installMs }) },
  };
  await writeRecord(release, {
    staged,
    adopted: false,
    port: target.port,
    instances: target.instances,
    clustered: isClustered(target),
    listenTimeout: target.listen_timeout,
    killTimeout: target.kill_timeout,
    files,
    absent: await absent(staging, values),
  });
  return staged;
}

/** Throws when a file of the release is missing or is another than it was. Files that the application added do not count. */
export async function verify(release: ReleaseFolder): Promise<{ files: number }> {
  const { files, adopted } = await readRecord(release);
  const { app } = layout(release);
  if (adopted) return { files: 0 };
  // Installed ones are not recorded; those that came with the source are.
  const installed = !Object.keys(files).some(isDependency);
  const now = await walk(app, (path) => installed && isDependency(path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const found = await contents(
    now.filter(({ path }) => path in files),
    app,
  );
  const changed = Object.keys(files).filter((path) => found[path] !== files[path]);
  if (changed.length === 0) return { files: Object.keys(files).length };
  throw new AplomoError({
    operation: "start",
    subject: `release ${release.id} again`,
    cause: `${changed.length} of its files are missing or changed: ${changed.slice(0, 5).join(", ")}${changed.length > 5 ? ", ..." : ""}`,
    hint: "Deploy again from the source. What the app writes itself belongs outside its folder, or under target.exclude.",
  });
}

/** What `install` made; it is as the lock file says, and programs keep caches there that change at any time. */
function isDependency(path: string): boolean {
  return /(^|\/)node_modules(\/|$)/.test(path);
}

/** What the units get: the env file's variables, and what Aplomo adds. */
export function variables(config: Config, target: Pm2Settings): Record<string, string> {
  const own = [...config.environment].map(([name, { value }]) => [name, value.reveal()] as const);
  const clashing = clashes(own.map(([name]) => name));
  if (clashing.length > 0) throw new UsageError(clashFailure(clashing));
  return { NODE_ENV: "production", ...Object.fromEntries(own), PORT: String(target.port) };
}

export function clashFailure(names: string[]): { operation: string; subject: string; cause: string; hint: string } {
  return {
    operation: "give the app",
    subject: names.join(", "),
    cause: "PM2 would take it for a setting of its own",
    hint: "Rename the variable in the env file and in the app.",
  };
}

/** Variables a process of this release must not have although its daemon may give them to it: see `differences`. */
export async function absent({ config, pm2 }: Pick<Staging, "config" | "pm2">, values: Record<string, string>): Promise<string[]> {
  const { app, env } = config.settings;
  const before = (await pm2.list()).filter((process) => isOf(app, process) && releaseOf(app, process) !== null);
  const names = [...env.forbid, ...before.flatMap((process) => Object.keys(process.env).filter((name) => !isPm2s(app, name)))];
  const kept = new Set([...Object.keys(values), ...Object.keys(baseEnvironment()), "APLOMO_RELEASE"]);
  return [...new Set(names)].filter((name) => !kept.has(name)).sort();
}

/** With Aplomo's own environment, so that npm finds its configuration, and without the application's: no package needs its secrets. */
async function install(ctx: Context, argv: readonly string[], release: ReleaseFolder): Promise<number> {
  const { app } = layout(release);
  const log = join(release.path, "install.log");
  const command = { argv: argv as [string, ...string[]], cwd: app, timeout: installLimit };
  const result = await ctx.host.attempt(command, ctx.signal);
  await writeFile(log, `${result.stdout}\n${result.stderr}`, { mode: 0o600 });
  if (result.code === 0) return Math.round(result.durationMs);
  throw new AplomoError({
    operation: "install what the release needs with",
    subject: argv.join(" "),
    cause: new CommandError(command, result),
    hint: `Nothing that runs was touched. Try the command in ${app}; all it said is in ${log}.`,
  });
}

async function refuseBroken(links: string[]): Promise<void> {
  if (links.length === 0) return;
  throw new UsageError({
    operation: "copy",
    subject: links.slice(0, 3).join(", "),
    cause: `${counted(links.length, "link leads", "links lead")} out of target.source, or to what is left out of the copy`,
    hint: "Set target.source to the folder that holds both, and target.script relative to it; or set target.install.",
  });
}

/** One call for the whole file system: flushing ten thousand files one by one takes minutes. */
async function flush(ctx: Context, folder: string): Promise<void> {
  await ctx.host.run({ argv: process.platform === "linux" ? ["sync", "-f", folder] : ["sync"] });
  await flushFolder(folder);
}
