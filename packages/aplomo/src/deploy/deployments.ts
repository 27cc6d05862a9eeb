import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Secret } from "../base/secret.ts";
import type { Config } from "../config/config.ts";
import type { Settings } from "../config/schema.ts";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../host/files.ts";
import type { Facts } from "./facts.ts";
import { readJournal, type Entry } from "./journal.ts";
import type { AppPaths } from "./paths.ts";

/**
 * What a deployment was planned from: enough to make the same plan again after a crash, whatever became of aplomo.yml.
 * Settings may hold passwords of database addresses, hence mode 0600.
 */
export interface Inputs {
  facts: Facts;
  settings: Settings;
  file: string;
  directory: string;
}

/** Every deployment's number, newest first. */
export async function listDeployments(paths: AppPaths): Promise<string[]> {
  const names = await readdir(paths.deployments).catch(() => [] as string[]);
  return names.filter((name) => /^d\d+$/.test(name)).toSorted((a, b) => Number(b.slice(1)) - Number(a.slice(1)));
}

/** The newest alone: however many there are, none is put in order for it. */
export async function newestDeployment(paths: AppPaths): Promise<string | undefined> {
  const names = await readdir(paths.deployments).catch(() => [] as string[]);
  let newest = 0;
  for (const name of names) if (/^d\d+$/.test(name)) newest = Math.max(newest, Number(name.slice(1)));
  return newest === 0 ? undefined : `d${newest}`;
}

export async function nextNumber(paths: AppPaths): Promise<number> {
  return Number((await newestDeployment(paths))?.slice(1) ?? 0) + 1;
}

export const deploymentFolder = (paths: AppPaths, id: string): string => join(paths.deployments, id);

export async function writeInputs(paths: AppPaths, config: Config, facts: Facts): Promise<string> {
  const folder = deploymentFolder(paths, facts.deployment);
  await makePrivateFolder(folder);
  const inputs: Inputs = { facts, settings: config.settings, file: config.file, directory: config.directory };
  await writeFileSafely(join(folder, "inputs.json"), JSON.stringify(inputs, withSecrets));
  return folder;
}

/** Undefined when the crash came before anything was planned: then nothing was begun either. */
export async function readInputs(paths: AppPaths, id: string): Promise<Inputs | undefined> {
  const text = await readIfPresent(join(deploymentFolder(paths, id), "inputs.json"));
  return text === undefined ? undefined : (JSON.parse(text, reviveSecrets) as Inputs);
}

/** Recovery needs what a Secret hides from everybody else: this file, mode 0600, is where it is kept meanwhile. */
function withSecrets(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  return original instanceof Secret ? { $secret: original.reveal() } : value;
}

function reviveSecrets(_key: string, value: unknown): unknown {
  const held = typeof value === "object" && value !== null ? (value as { $secret?: unknown }).$secret : undefined;
  return typeof held === "string" ? new Secret(held) : value;
}

/** The newest deployment when it has not come to one of the two good ends: a crash, or a decision that is still open. */
export async function unfinishedDeployment(paths: AppPaths): Promise<{ id: string; entries: Entry[] } | undefined> {
  const id = await newestDeployment(paths);
  if (id === undefined) return undefined;
  const entries = readJournal(deploymentFolder(paths, id));
  const last = entries.findLast((entry) => entry.type === "deployment.finished");
  if (entries.length === 0 || (last?.type === "deployment.finished" && last.outcome !== "stuck")) return undefined;
  return { id, entries };
}

/** How a deployment went, for `history`. */
export interface Summary {
  id: string;
  action: string;
  release: string;
  previous: string | null;
  startedAt: string;
  /** Undefined while it runs, or after a crash that was not mended yet. */
  outcome: string | undefined;
  durationMs: number | undefined;
  failedStep: string | null;
}

export function summarise(id: string, entries: readonly Entry[]): Summary | undefined {
  const started = entries.find((entry) => entry.type === "deployment.started");
  const finished = entries.findLast((entry) => entry.type === "deployment.finished");
  if (started?.type !== "deployment.started") return undefined;
  return {
    id,
    action: started.action,
    release: started.release,
    previous: started.previous,
    startedAt: started.at,
    outcome: finished?.type === "deployment.finished" ? finished.outcome : undefined,
    durationMs: finished?.type === "deployment.finished" ? finished.durationMs : undefined,
    failedStep: finished?.type === "deployment.finished" ? finished.failedStep : null,
  };
}

/** Milliseconds each step took in the newest deployment that ran it, among the last ten; a first release interrupts nothing and tells nothing. */
export async function measuredSteps(paths: AppPaths): Promise<Record<string, number>> {
  const measured: Record<string, number> = {};
  for (const id of (await listDeployments(paths)).slice(0, 10)) {
    const entries = readJournal(deploymentFolder(paths, id));
    if (entries.some((entry) => entry.type === "deployment.started" && entry.previous === null)) continue;
    for (const entry of entries) {
      if (entry.type === "step.ended") measured[entry.step] ??= entry.durationMs;
    }
  }
  return measured;
}
