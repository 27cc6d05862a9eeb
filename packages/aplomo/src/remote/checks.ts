import { readFile, statfs } from "node:fs/promises";
import { keepAgent, type Place } from "../agent/keep.ts";
import { agentPaths } from "../agent/paths.ts";
import { listApps } from "../agent/registry.ts";
import { AplomoError, reason } from "../base/errors.ts";
import { makePrivateFolder } from "../host/files.ts";
import { findCompose } from "../host/compose.ts";
import type { Context } from "../host/context.ts";
import { engineVersion } from "../host/docker.ts";
import type { Check } from "./messages.ts";

const gib = 1024 ** 3;
const leastDisk = 2 * gib;
const leastMemory = 2 * gib;

/** Looks at what a deploy will need of this server; changes nothing but makes Aplomo's own folder. */
export async function inspectServer(ctx: Context, kind: string): Promise<Check[]> {
  const needsEngine = kind !== "pm2";
  return [
    ...(needsEngine ? [await engine(ctx)] : []),
    ...(kind === "compose" ? [await compose(ctx)] : []),
    ...(kind === "pm2" ? [await pm2(ctx)] : []),
    await disk(ctx),
    await memory(),
  ];
}

async function engine(ctx: Context): Promise<Check> {
  const { code, stdout, stderr } = await ctx.host.attempt(engineVersion(), ctx.signal);
  if (code === 0) {
    const { Version: version = "?" } = (JSON.parse(stdout) ?? {}) as { Version?: string };
    return good("container engine", version);
  }
  const denied = /permission denied/i.test(stderr);
  const absent = code === 127;
  const hint = denied
    ? "Let this user use it, and connect again: usermod -aG docker USER."
    : absent
      ? "Install one: https://docs.docker.com/engine/install/."
      : "Start it: systemctl enable --now docker.";
  const found = denied ? "this user may not use it" : absent ? "none is installed" : "it does not answer";
  return { check: "container engine", state: "bad", found, hint };
}

async function compose(ctx: Context): Promise<Check> {
  try {
    const { version, old } = await findCompose(ctx.host, process.env["APLOMO_COMPOSE"]);
    if (!old) return good("docker compose", version);
    return warning("docker compose", `${version}, which is no longer maintained`, "Install version 2.");
  } catch (error) {
    const hint = (error instanceof AplomoError ? error.hint : undefined) ?? "Install the compose plug-in of docker.";
    return { check: "docker compose", state: "bad", found: reason(error), hint };
  }
}

/** It may also come with the application; then nothing has to be there beforehand. */
async function pm2(ctx: Context): Promise<Check> {
  const { code, stdout } = await ctx.host.attempt({ argv: ["pm2", "--version"], timeout: 60_000 }, ctx.signal);
  if (code === 0) return good("pm2", stdout.trim().split("\n").at(-1) ?? "");
  const hint = "npm install --global pm2, for the Node that ssh finds; or have it among the application's own packages.";
  return warning("pm2", "not on the path that ssh gives", hint);
}

async function disk(ctx: Context): Promise<Check> {
  await makePrivateFolder(ctx.home);
  const { bavail, bsize } = await statfs(ctx.home);
  const free = bavail * bsize;
  if (free >= leastDisk) return good("disk", `${inGib(free)} GiB free`);
  return {
    check: "disk",
    state: "bad",
    found: `${inGib(free)} GiB free where ${ctx.home} is`,
    hint: "Free some: backups and a second release need room.",
  };
}

/** Two releases run at once for a moment; without swap the system then ends the largest process, which is the database. */
async function memory(): Promise<Check> {
  const text = await readFile("/proc/meminfo", "utf8").catch(() => "");
  const bytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0) * 1024;
  const [total, swap] = [bytes("MemTotal"), bytes("SwapTotal")];
  const found = `${inGib(total)} GiB of memory, ${inGib(swap)} GiB of swap`;
  if (swap > 0 || total >= 2 * leastMemory) return good("memory", found);
  return warning("memory", found, "Add swap, at least 1 GiB: two releases run side by side for a moment.");
}

/** How far the server's clock is off, as seen from here: half the way there and back is taken for the way. */
export function clockCheck(server: string, before: number, after: number): Check {
  const off = Math.round((new Date(server).getTime() - (before + after) / 2) / 1_000);
  const doubt = Math.ceil((after - before) / 2_000);
  if (Math.abs(off) <= Math.max(5, doubt)) return good("clock", "as here");
  const found = `${Math.abs(off)} s ${off < 0 ? "behind" : "ahead of"} this machine's`;
  return warning("clock", found, "Set one of them by the network: timedatectl set-ntp true.");
}

/** Has the agent kept running, and says how; a server can be deployed to without it. */
export async function keepCheck(ctx: Context, place: Place): Promise<Check> {
  try {
    const { by, what, did, runs, log } = await keepAgent(ctx, place);
    if (!runs) return warning("agent", `kept running by ${by} (${what}), but it does not answer`, `See why: ${log}.`);
    const found = by === null ? `one runs already (${what}), and was left alone` : `kept running by ${by} (${what}), ${did}`;
    const looks = (await listApps(agentPaths(ctx.home))).length > 0;
    return { ...good("agent", found), hint: looks ? null : "It looks after nothing yet: aplomo agent add." };
  } catch (error) {
    if (!(error instanceof AplomoError)) throw error;
    return warning("agent", reason(error), error.hint ?? "Have one run by hand: aplomo agent run.");
  }
}

export function good(check: string, found: string): Check {
  return { check, state: "good", found, hint: null };
}

function warning(check: string, found: string, hint: string): Check {
  return { check, state: "warning", found, hint };
}

function inGib(bytes: number): string {
  return (bytes / gib).toFixed(1);
}
