import { randomBytes } from "node:crypto";
import { link, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { stamp } from "../base/time.ts";
import { flushFolder, makePrivateFolder, readIfPresent, writeFileSafely, writeNewFile } from "../host/files.ts";
import { processIdentity } from "../host/process.ts";

/**
 * A run is a folder, `backup_20261122_013000_1`: job, slot in UTC, attempt. Making it succeeds once, and so does claiming it, which the
 * process that carries it out does itself; so whenever the agent dies, nothing runs twice and nothing that ran is forgotten.
 *
 *     plan.json     what is to be done, before anything is
 *     started.json  by whom: a hard link, that one process gets
 *     output.ndjson what it said: Aplomo's own events
 *     ended.json    how it ended
 */
export interface Run {
  id: string;
  folder: string;
  job: string;
  slot: Date;
  attempt: number;
  argv: string[];
  /** Slots it makes up for. */
  missed: number;
  /** `claimed`: nobody has begun it yet; `interrupted`: who began it is gone, and did not say how it ended. */
  state: "claimed" | "running" | "done" | "failed" | "interrupted";
  exitCode: number | null;
  startedAt: Date | null;
  endedAt: Date | null;
}

interface Plan {
  argv: string[];
  missed: number;
}

const name = /^([a-z]+)_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)_(\d+)$/;

export function runId(job: string, slot: Date, attempt: number): string {
  return `${job}_${stamp(slot)}_${attempt}`;
}

/** Makes the folder of a run; false when there was one: then it is somebody else's, or was made before a crash. */
export async function planRun(folder: string, id: string, plan: Plan): Promise<boolean> {
  await makePrivateFolder(folder);
  // Complete before it has its name: a crash in between leaves nothing that looks like a run.
  const beside = join(folder, `.${randomBytes(6).toString("hex")}`);
  await mkdir(beside, { mode: 0o700 });
  try {
    await writeFileSafely(join(beside, "plan.json"), JSON.stringify(plan));
    // A folder is never renamed over one that holds something.
    await rename(beside, join(folder, id));
    await flushFolder(folder);
    return true;
  } catch (error) {
    if (!["EEXIST", "ENOTEMPTY"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return false;
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** The calling process takes a run for itself; false when another one has. */
export async function claimRun(folder: string, now: Date): Promise<boolean> {
  const beside = join(folder, `.${randomBytes(6).toString("hex")}`);
  try {
    const { pid } = process;
    await writeNewFile(beside, JSON.stringify({ pid, identity: processIdentity(pid), at: now.toISOString() }));
    await link(beside, join(folder, "started.json"));
    await flushFolder(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(beside, { force: true });
  }
}

export async function endRun(folder: string, exitCode: number, now: Date): Promise<void> {
  await writeFileSafely(join(folder, "ended.json"), JSON.stringify({ exitCode, at: now.toISOString() }));
}

/** What a run's name says of it. */
type Named = Pick<Run, "id" | "job" | "slot" | "attempt">;

function parseId(id: string): Named | undefined {
  const [, job, year, month, day, hour, minute, second, attempt] = name.exec(id) ?? [];
  if (job === undefined) return undefined;
  return { id, job, slot: new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`), attempt: Number(attempt) };
}

/** The names of an application's runs, newest slot first; none of them is read. */
export async function nameRuns(folder: string): Promise<Named[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  return names.flatMap((id) => parseId(id) ?? []).toSorted((a, b) => b.slot.getTime() - a.slot.getTime() || b.attempt - a.attempt);
}

/** The runs of an application, newest slot first. Those that have ended never change: whoever asks often passes the ones it knows. */
export async function listRuns(folder: string, ended?: Map<string, Run>): Promise<Run[]> {
  const names = await nameRuns(folder);
  const found = await Promise.all(names.map(async ({ id }) => ended?.get(id) ?? readRun(folder, id)));
  const runs = found.filter((run) => run !== undefined);
  if (ended) {
    ended.clear();
    for (const run of runs) if (run.endedAt !== null) ended.set(run.id, run);
  }
  return runs;
}

/** The newest runs for which something holds by their name; no more are read than are wanted. */
export async function newestRuns(folder: string, count: number, wanted: (run: Named) => boolean): Promise<Run[]> {
  const names = (await nameRuns(folder)).filter(wanted).slice(0, count);
  return (await Promise.all(names.map(({ id }) => readRun(folder, id)))).filter((run) => run !== undefined);
}

export async function readRun(runs: string, id: string): Promise<Run | undefined> {
  const named = parseId(id);
  if (!named) return undefined;
  const folder = join(runs, id);
  const plan = await readJson<Plan>(join(folder, "plan.json"));
  if (plan === undefined) return undefined;
  // First how it began: what has ended meanwhile is found ended.
  const started = await readJson<{ pid: number; identity: string | null; at: string }>(join(folder, "started.json"));
  const alive = started !== undefined && started.identity !== null && processIdentity(started.pid) === started.identity;
  const ended = await readJson<{ exitCode: number; at: string }>(join(folder, "ended.json"));
  return {
    ...named,
    folder,
    ...plan,
    state: ended ? (ended.exitCode === 0 ? "done" : "failed") : started ? (alive ? "running" : "interrupted") : "claimed",
    exitCode: ended?.exitCode ?? null,
    startedAt: started ? new Date(started.at) : null,
    endedAt: ended ? new Date(ended.at) : null,
  };
}

async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readIfPresent(path);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

export const outputOf = (folder: string): string => join(folder, "output.ndjson");

/** The last event of one type that a run printed. */
export async function lastEvent(folder: string, type: string): Promise<Record<string, unknown> | undefined> {
  const text = await readFile(outputOf(folder), "utf8").catch(() => "");
  const line = text.split("\n").findLast((one) => one.startsWith("{") && one.includes(`"type":"${type}"`));
  return line === undefined ? undefined : (JSON.parse(line) as Record<string, unknown>);
}
