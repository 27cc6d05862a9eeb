import { chmod, mkdir } from "node:fs/promises";
import type { Config } from "../../config/config.ts";
import type { Pm2Settings } from "../../config/schema.ts";
import { makePrivateFolder, writeFileSafely } from "../../host/files.ts";
import type { ReleaseFolder, Staged } from "../contract.ts";
import { fingerprintEnvironment } from "../release-env.ts";
import { writeAdoption } from "./adoption.ts";
import { processFile, processName, type Pm2App } from "./ecosystem.ts";
import { findRecord, layout, writeRecord } from "./layout.ts";
import { isOf, releaseOf, type Pm2Process } from "./process-list.ts";
import { isPm2s } from "./pm2-variables.ts";
import { isInside, openSource, readSource } from "./source.ts";
import type { Staging } from "./stage.ts";
import { combine } from "../tree.ts";

/** What PM2 was told about a process, under the names a process file has for it. */
const kept = [
  "autorestart",
  "cron_restart",
  "exp_backoff_restart_delay",
  "interpreter_args",
  "kill_retry_time",
  "kill_timeout",
  "listen_timeout",
  "log_date_format",
  "max_memory_restart",
  "max_restarts",
  "merge_logs",
  "min_uptime",
  "node_args",
  "restart_delay",
  "shutdown_with_message",
  "stop_exit_codes",
  "treekill",
  "wait_ready",
] as const;

/** Takes the processes a person started down as a release. Their files stay where they are: what they run from is not Aplomo's. */
export async function adopt(staging: Staging, release: ReleaseFolder): Promise<Staged | null> {
  const done = await findRecord(release);
  if (done) return done.staged;
  const { ctx, config, target, pm2 } = staging;
  const { app } = config.settings;
  const running = (await pm2.list()).filter((process) => isOf(app, process) && releaseOf(app, process) === null && process.pid > 0);
  const [first] = running;
  if (!first) return null;

  const at = layout(release);
  await makePrivateFolder(release.path);
  await chmod(release.path, 0o700);
  await mkdir(at.runs, { recursive: true, mode: 0o700 });
  const values = Object.fromEntries(Object.entries(first.env).filter(([name]) => !isPm2s(app, name)));
  await writeFileSafely(at.ecosystem, processFile(asProcessFile(app, release, running, values)));
  const inSource = isInside(openSource(ctx, config, target, pm2.home).root, first.cwd);
  const staged: Staged = {
    artifacts: { app: inSource ? await present(staging) : `script ${first.script}` },
    environment: await fingerprintEnvironment(ctx, meant(config, target, values)),
    migrations: null,
    evidence: {
      processes: running.map(({ name, id, pid }) => `${name} (PM2 id ${id}, pid ${pid})`),
      script: first.script,
      folder: first.cwd,
      filesCopied: false,
    },
  };
  await writeAdoption(ctx, app, { release: release.id, script: first.script, cwd: first.cwd });
  await writeRecord(release, {
    staged,
    adopted: true,
    port: Number(first.env["PORT"]) || target.port,
    instances: running.length,
    clustered: first.clustered,
    listenTimeout: target.listen_timeout,
    killTimeout: Number(first.settings["kill_timeout"] ?? 1_600),
    files: {},
    absent: [],
  });
  ctx.emit({
    type: "warning",
    message: `The files of ${release.id} are not copied: going back to it starts what is in ${first.cwd} then`,
    hint: "Leave that folder as it is until the new release is proven; from then on every release has its files.",
  });
  return staged;
}

function asProcessFile(app: string, release: ReleaseFolder, running: Pm2Process[], values: Record<string, string>): Pm2App {
  const [first] = running as [Pm2Process];
  const { settings } = first;
  const options = Object.fromEntries(kept.filter((name) => settings[name] !== undefined).map((name) => [name, settings[name]]));
  const interpreter = settings["exec_interpreter"];
  return {
    ...options,
    ...(typeof interpreter === "string" ? { interpreter } : {}),
    ...(Array.isArray(settings["args"]) ? { args: settings["args"].map(String) } : {}),
    name: processName(app, release.id),
    namespace: app,
    script: first.script,
    cwd: first.cwd,
    instances: running.length,
    exec_mode: first.clustered ? "cluster" : "fork",
    vizion: false,
    out_file: first.outFile ?? "/dev/null",
    error_file: first.errorFile ?? "/dev/null",
    env: { ...values, APLOMO_RELEASE: release.id },
  };
}

async function present({ ctx, config, target, pm2 }: Staging): Promise<string> {
  return combine((await readSource(openSource(ctx, config, target, pm2.home))).files);
}

/** A person's shell has a hundred variables, and PM2 took them all: only those the application is configured by are compared. */
function meant(config: Config, target: Pm2Settings, values: Record<string, string>): Record<string, string> {
  const known = new Set([...config.environment.keys(), ...Object.keys(config.settings.env.require), ...config.settings.env.forbid]);
  const found = Object.entries(values).filter(([name]) => known.has(name) || ["PORT", "NODE_ENV"].includes(name));
  return { PORT: String(target.port), ...Object.fromEntries(found) };
}
