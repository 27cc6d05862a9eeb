import type { Evidence } from "../../base/events.ts";
import { AplomoError } from "../../base/errors.ts";
import type { Unit } from "../contract.ts";
import { lastLines } from "../../host/run.ts";

/** One process as PM2 lists it. */
export interface Pm2Process {
  /** PM2's id: the same through restarts. */
  id: number;
  name: string;
  /** 0 when it does not run. */
  pid: number;
  status: string;
  clustered: boolean;
  /** Bytes, as PM2 measures it to hold it against its limit; 0: not known. */
  memory: number;
  /** Milliseconds since 1970 of its last start. */
  startedAt: number;
  restarts: number;
  /** Of the last run that ended. PM2 writes 0 for a run that a signal ended. */
  exitCode: number | null;
  script: string;
  cwd: string;
  /** What PM2 was told to put into its environment. */
  env: Record<string, string>;
  outFile: string | undefined;
  errorFile: string | undefined;
  /** Everything PM2 keeps of it. */
  settings: Record<string, unknown>;
}

/** Reads `pm2 jlist`: before the list stands a banner when the daemon was just started, or a notice that it is out of date. */
export function parseProcessList(output: string): Pm2Process[] {
  for (let at = output.indexOf("["); at !== -1; at = output.indexOf("[", at + 1)) {
    const next = output.slice(at + 1, at + 200).trimStart()[0];
    if (next !== "{" && next !== "]") continue;
    const list = tryParse(output.slice(at, output.lastIndexOf("]") + 1));
    if (list) return list.map(toProcess);
  }
  throw new AplomoError({ operation: "read", subject: "the output of `pm2 jlist`", cause: lastLines(output.trim(), 5) || "it is empty" });
}

interface Listed {
  pid?: number;
  name: string;
  pm_id: number;
  monit?: { memory?: number };
  pm2_env: Record<string, unknown> & { env?: Record<string, unknown> };
}

function tryParse(text: string): Listed[] | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return Array.isArray(value) && value.every((item) => item?.pm2_env) ? (value as Listed[]) : undefined;
  } catch {
    return undefined;
  }
}

function toProcess({ pid, name, pm_id, monit, pm2_env: settings }: Listed): Pm2Process {
  const text = (key: string): string | undefined => (typeof settings[key] === "string" ? settings[key] : undefined);
  const number = (key: string): number | undefined => (typeof settings[key] === "number" ? settings[key] : undefined);
  const values = Object.entries(settings.env ?? {}).filter(([, value]) => typeof value !== "object");
  return {
    id: pm_id,
    name,
    pid: pid ?? 0,
    status: text("status") ?? "unknown",
    clustered: text("exec_mode") === "cluster_mode",
    memory: monit?.memory ?? 0,
    startedAt: number("pm_uptime") ?? 0,
    restarts: number("restart_time") ?? 0,
    exitCode: number("exit_code") ?? null,
    script: text("pm_exec_path") ?? "",
    cwd: text("pm_cwd") ?? "",
    env: Object.fromEntries(values.map(([key, value]) => [key, String(value)])),
    outFile: text("pm_out_log_path"),
    errorFile: text("pm_err_log_path"),
    settings,
  };
}

/** True for whatever may hold the port or answer a request, also while it is being started or stopped. */
export function isUp(process: Pm2Process): boolean {
  return process.pid > 0 || !["stopped", "errored"].includes(process.status);
}

/** Of this application, started by whomever; its candidate is not one of them. */
export function isOf(app: string, process: Pm2Process): boolean {
  return process.name === app || process.name.startsWith(`${app}@`);
}

/** The release Aplomo started it for; null when a person started it. */
export function releaseOf(app: string, process: Pm2Process): string | null {
  return process.name.startsWith(`${app}@`) ? (process.env["APLOMO_RELEASE"] ?? process.name.slice(app.length + 1)) : null;
}

const states: Record<string, Unit["state"]> = {
  online: "running",
  launching: "starting",
  "waiting restart": "restarting",
  errored: "failed",
};

/** Where it was told to listen. */
export function portOf(process: Pm2Process, usual: number): number {
  return Number(process.env["PORT"]) || usual;
}

export function toUnit(app: string, process: Pm2Process, port: number): Unit {
  const runs = process.pid > 0;
  const state = states[process.status] ?? "stopped";
  return {
    id: `${process.id}:${process.pid}:${process.startedAt}`,
    name: process.name,
    // As `Staged.artifacts` calls it: one kind of unit, whatever its name.
    service: "app",
    release: releaseOf(app, process),
    state,
    health: null,
    startedAt: runs && process.startedAt > 0 ? new Date(process.startedAt).toISOString() : null,
    restarts: process.restarts,
    exitCode: process.exitCode,
    address: state === "running" ? { host: "127.0.0.1", port: portOf(process, port) } : null,
    front: true,
  };
}

/** How a process ended and what it said, for the report. */
export function endOf(process: Pm2Process | undefined, log: string): Evidence {
  return process ? { unit: process.name, exitCode: process.pid > 0 ? null : process.exitCode, restarts: process.restarts, log } : { log };
}
