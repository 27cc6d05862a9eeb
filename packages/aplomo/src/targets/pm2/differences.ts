import { readFile, readlink } from "node:fs/promises";
import { resolve } from "node:path";
import type { ReleaseFolder } from "../contract.ts";
import { portBeside, readEcosystem } from "./ecosystem.ts";
import { readRecord } from "./layout.ts";
import type { Pm2Process } from "./process-list.ts";

/** What the process has, compared with what the release means: names of variables, never values. */
export async function differences(process: Pm2Process | undefined, release: ReleaseFolder): Promise<string[]> {
  if (!process || process.pid === 0) return ["the process has ended"];
  const meant = await readEcosystem(release);
  const { absent, adopted } = await readRecord(release);
  const said: string[] = [];
  const script = resolve(meant.cwd, meant.script);
  if (process.script !== script) said.push(`it runs ${process.script} instead of ${script}`);
  const cwd = await readlink(`/proc/${process.pid}/cwd`).catch(() => process.cwd);
  if (process.cwd !== meant.cwd || (cwd !== meant.cwd && !process.clustered)) said.push(`it runs in ${cwd} instead of ${meant.cwd}`);
  const beside = await portBeside(release);
  const env = (await environmentOf(process.pid)) ?? process.env;
  for (const [name, value] of Object.entries(meant.env)) {
    // Who was there before Aplomo bears no mark of a release.
    if (adopted && name === "APLOMO_RELEASE") continue;
    // Beside another release it listens on a port of its own.
    if (name === "PORT" && beside !== undefined && env[name] === beside) continue;
    if (env[name] === undefined) said.push(`${name} is missing`);
    else if (env[name] !== value) said.push(`${name} has another value`);
  }
  for (const name of absent) if (env[name] !== undefined) said.push(`${name} is set although the release does not have it`);
  return said;
}

/**
 * The environment inside a process (Linux). A cluster worker is born with its daemon's, and PM2 lays the application's over it from
 * one variable, so a variable of the shell that once started the daemon reaches every worker.
 */
async function environmentOf(pid: number): Promise<Record<string, string> | undefined> {
  const text = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => undefined);
  if (text === undefined || text === "") return undefined;
  const pairs = text.split("\0").filter(Boolean);
  const { pm2_env: laid, ...born } = Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
  if (laid === undefined) return born;
  const over = Object.entries(JSON.parse(laid) as Record<string, unknown>);
  return { ...born, ...Object.fromEntries(over.map(([name, value]) => [name, String(value)])) };
}
