import { open, readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { poll } from "../base/time.ts";
import type { Context } from "../host/context.ts";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../host/files.ts";
import { lastLines } from "../host/run.ts";
import { processIdentity } from "../host/process.ts";
import type { RunRequest } from "./messages.ts";

/**
 * Commands on a server that outlive the connection they came by. Each has a folder: what was asked (`request.json`, gone as soon as it was
 * read, since it may hold secrets), the files that came, who does it (`run.json`), its events (`events.jsonl`), its end (`ended.json`).
 */
export interface Run {
  id: string;
  folder: string;
  argv: string[];
  since: string;
  pid: number;
  identity: string | null;
}

const kept = 20;

export const runFolder = (root: string, id: string): string => join(root, "runs", id);
export const contentFile = (folder: string, sha256: string): string => join(folder, "files", sha256);
/** Where a file lies that an argument names. */
export const givenFile = (folder: string, name: string): string => join(folder, "files", "given", basename(name));
export const eventsFile = (folder: string): string => join(folder, "events.jsonl");
const requestFile = (folder: string): string => join(folder, "request.json");
const runFile = (folder: string): string => join(folder, "run.json");
const endFile = (folder: string): string => join(folder, "ended.json");

export async function writeRequest(folder: string, request: RunRequest): Promise<void> {
  await writeFileSafely(requestFile(folder), JSON.stringify(request));
}

/** Once only. */
export async function takeRequest(folder: string): Promise<RunRequest> {
  const request = JSON.parse(await readFile(requestFile(folder), "utf8")) as RunRequest;
  await rm(requestFile(folder));
  return request;
}

/** Starts the process that does the work, in a session of its own, and waits until it has said who it is. */
export async function startRun(ctx: Context, folder: string): Promise<Run | undefined> {
  const events = await open(eventsFile(folder), "a", 0o600);
  const errors = await open(join(folder, "errors.log"), "a", 0o600);
  try {
    const [node, program = ""] = [process.execPath, process.argv[1]];
    const child = ctx.host.spawn({ argv: [node, program, "--carry-out", folder] }, ["ignore", events.fd, errors.fd]);
    let over = false;
    void child.ended.then(() => (over = true));
    const announced = async (): Promise<Run | null | undefined> => (await readRun(folder)) ?? (over ? null : undefined);
    return (await poll(announced, { limit: 30_000, every: 20 })) ?? undefined;
  } finally {
    await events.close();
    await errors.close();
  }
}

/** Called by that process before anything else. */
export async function announceRun(folder: string, request: RunRequest, now: Date): Promise<void> {
  const run: Omit<Run, "folder"> = {
    id: request.id,
    argv: request.argv,
    since: now.toISOString(),
    pid: process.pid,
    identity: processIdentity(process.pid),
  };
  await writeFileSafely(runFile(folder), JSON.stringify(run));
}

export async function endRun(folder: string, exitCode: number): Promise<void> {
  await writeFileSafely(endFile(folder), JSON.stringify({ exitCode }));
  await rm(join(folder, "files"), { recursive: true, force: true });
}

export async function readRun(folder: string): Promise<Run | undefined> {
  const text = await readIfPresent(runFile(folder));
  return text === undefined ? undefined : { ...(JSON.parse(text) as Run), folder };
}

export async function exitCodeOfRun(folder: string): Promise<number | undefined> {
  const text = await readIfPresent(endFile(folder));
  return text === undefined ? undefined : (JSON.parse(text) as { exitCode: number }).exitCode;
}

export function isRunning({ pid, identity }: Run): boolean {
  return identity !== null && processIdentity(pid) === identity;
}

/** Newest first. */
export async function listRuns(root: string): Promise<Run[]> {
  const names = await readdir(join(root, "runs")).catch(() => [] as string[]);
  const runs = await Promise.all(names.map((name) => readRun(runFolder(root, name))));
  return runs.filter((run) => run !== undefined).toSorted((a, b) => b.since.localeCompare(a.since));
}

/** The one of this id; else the one that runs; else the last. */
export async function findRun(root: string, id?: string): Promise<Run | undefined> {
  if (id !== undefined) return readRun(runFolder(root, id));
  const runs = await listRuns(root);
  return runs.find(isRunning) ?? runs[0];
}

/** What a process that died of a defect had to say. */
export async function lastWords({ folder }: Run): Promise<string> {
  return lastLines(((await readIfPresent(join(folder, "errors.log"))) ?? "").trim(), 5);
}

export async function pruneRuns(root: string): Promise<void> {
  for (const run of (await listRuns(root)).slice(kept)) if (!isRunning(run)) await rm(run.folder, { recursive: true, force: true });
}

export async function makeRunFolder(root: string, id: string): Promise<string> {
  const folder = runFolder(root, id);
  await makePrivateFolder(join(folder, "files"));
  return folder;
}

/** Tells every line of a run from number `from` on, as they come, until it has ended: with its exit code, or undefined when it died. */
export async function followRun(
  { folder, pid, identity }: Run,
  from: number,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<number | undefined> {
  const file = await open(eventsFile(folder), "r");
  let [position, number, rest] = [0, 0, Buffer.alloc(0)];
  const read = async (): Promise<void> => {
    const part = Buffer.alloc(65_536);
    for (;;) {
      const { bytesRead } = await file.read(part, 0, part.length, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      rest = Buffer.concat([rest, part.subarray(0, bytesRead)]);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        if (number++ >= from) tell(rest.toString("utf8", 0, end));
        rest = rest.subarray(end + 1);
      }
    }
  };
  try {
    const ended = await poll(
      async () => {
        // Asked before the last reading: what is written after an end is none of it.
        const alive = identity !== null && processIdentity(pid) === identity;
        const exitCode = await exitCodeOfRun(folder);
        await read();
        if (exitCode !== undefined) return { exitCode };
        return alive ? undefined : { exitCode: await exitCodeOfRun(folder) };
      },
      { limit: Infinity, every: 100, signal },
    );
    return ended?.exitCode;
  } finally {
    await file.close();
  }
}
