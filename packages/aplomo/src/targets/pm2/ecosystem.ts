import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Pm2Settings } from "../../config/schema.ts";
import type { ReleaseFolder } from "../contract.ts";
import { readIfPresent } from "../../host/files.ts";
import { layout } from "./layout.ts";

/** One application as PM2 reads it from a process file. */
export interface Pm2App {
  name: string;
  namespace: string;
  script: string;
  args?: string[];
  cwd: string;
  instances: number;
  exec_mode: "cluster" | "fork";
  env: Record<string, string>;
  out_file: string;
  error_file: string;
  [option: string]: unknown;
}

/**
 * The name in PM2 carries the release, and the namespace is the application's: `pm2 logs agenda`, `pm2 stop agenda` and `pm2 ls`
 * work as people type them, and old and new live beside each other. With one name for both it cannot be done: `pm2 start FILE`
 * restarts whatever has the name with the new environment merged into the old one, and never starts a second (tried on 7.0.4).
 */
export function processName(app: string, release: string): string {
  return `${app}@${release}`;
}

export function candidateName(app: string): string {
  return `${app}-candidate`;
}

export function isClustered(target: Pm2Settings): boolean {
  return (target.exec_mode ?? (target.instances > 1 ? "cluster" : "fork")) === "cluster";
}

/** The process file of a release. */
export function ecosystem(app: string, target: Pm2Settings, release: ReleaseFolder, env: Record<string, string>): Pm2App {
  const { app: cwd, logs } = layout(release);
  return {
    name: processName(app, release.id),
    namespace: app,
    script: target.script,
    args: target.args,
    cwd,
    instances: target.instances,
    exec_mode: isClustered(target) ? "cluster" : "fork",
    kill_timeout: target.kill_timeout,
    listen_timeout: target.listen_timeout,
    wait_ready: target.wait_ready,
    ...(target.max_memory_restart === undefined ? {} : { max_memory_restart: target.max_memory_restart }),
    autorestart: true,
    max_restarts: 10,
    min_uptime: 10_000,
    watch: false,
    // PM2 looks for a repository above the script and asks git about it: releases have none.
    vizion: false,
    merge_logs: true,
    // `time: true` gives neither zone nor milliseconds; lines of one run could not be told from those before.
    log_date_format: "YYYY-MM-DDTHH:mm:ss.SSSZ",
    out_file: join(logs, "out.log"),
    error_file: join(logs, "error.log"),
    env,
  };
}

/** The same release as one process that no request reaches and that is not restarted: its first exit is its last. */
export function candidate(app: string, production: Pm2App, release: ReleaseFolder, port: number): Pm2App {
  const { logs } = layout(release);
  return {
    ...production,
    name: candidateName(app),
    namespace: candidateName(app),
    instances: 1,
    exec_mode: "fork",
    autorestart: false,
    // PM2 would say nothing of a process that ended before it was ready, until its time is up.
    wait_ready: false,
    out_file: join(logs, "candidate-out.log"),
    error_file: join(logs, "candidate-error.log"),
    env: { ...production.env, PORT: String(port) },
  };
}

export function processFile(app: Pm2App): string {
  return `${JSON.stringify({ apps: [app] }, null, 1)}\n`;
}

export async function readEcosystem(release: ReleaseFolder): Promise<Pm2App> {
  return parseProcessFile(await readFile(layout(release).ecosystem, "utf8"));
}

/** The port on which it was started beside another release; undefined when it never was. */
export async function portBeside(release: ReleaseFolder): Promise<string | undefined> {
  const text = await readIfPresent(layout(release).beside);
  return text === undefined ? undefined : parseProcessFile(text).env["PORT"];
}

function parseProcessFile(text: string): Pm2App {
  return (JSON.parse(text) as { apps: [Pm2App] }).apps[0];
}

/** PM2 keeps its own settings and the application's variables in one object: a variable of such a name changes a setting. */
const own = new Set(
  (
    "args autorestart autostart automation axm_actions axm_dynamic axm_monitor axm_options created_at cron_restart cwd disable_logs " +
    "env exec_interpreter exec_mode exit_code exp_backoff_restart_delay filter_env force gid increment_var instance_var instances io " +
    "kill_retry_time kill_timeout km_link listen_timeout log_date_format log_type max_memory_restart max_restarts merge_logs min_uptime " +
    "name namespace node_args node_version pid pm2_env pm_cwd pm_err_log_path pm_exec_path pm_id pm_log_path pm_out_log_path pm_pid_path " +
    "pm_uptime pmx prev_restart_delay restart_delay restart_time script shutdown_with_message status stop_exit_codes time trace treekill " +
    "uid unique_id unstable_restarts username version versioning vizion vizion_running wait_ready watch windowsHide NODE_APP_INSTANCE"
  ).split(" "),
);

export function clashes(names: Iterable<string>): string[] {
  return [...names].filter((name) => own.has(name));
}
