import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { AplomoError } from "../base/errors.ts";
import { poll } from "../base/time.ts";
import { readIfPresent, writeFileSafely } from "./files.ts";
import type { Command, Host } from "./run.ts";
import { endGroup, isAlive, startOf, type Identity } from "./liveness.ts";

/** A program whose process a later Aplomo finds, should this one be killed. */
export interface RecordedRun {
  /** Folder of the records, mode 0700. */
  folder: string;
  /** Stable across a crash. */
  id: string;
  command: Command;
  /** Milliseconds after which it is ended. */
  limit: number;
  signal?: AbortSignal;
}

export interface RecordedEnd {
  code: number | null;
  timedOut: boolean;
  durationMs: number;
  /** Both streams, in the order they came. */
  output: string;
}

/**
 * Waits on its input before it becomes the program, so that nothing runs before its process stands on disk; when Aplomo dies
 * first, the input ends and so does it. The program's words are arguments: the script is the same for all.
 */
const gate = 'read -r go && exec "$@" </dev/null';

/** Runs a program as the leader of a process group of its own, writing to a file: neither dies with Aplomo half way through a sentence. */
export async function runRecorded(host: Host, run: RecordedRun): Promise<RecordedEnd> {
  run.signal?.throwIfAborted();
  await mkdir(run.folder, { recursive: true, mode: 0o700 });
  const { record, said } = files(run);
  await rm(said, { force: true });
  const log = await open(said, "a", 0o600);
  const begun = performance.now();
  try {
    const { argv } = run.command;
    const child = host.spawn({ ...run.command, argv: ["sh", "-c", gate, "sh", ...argv] }, ["pipe", log.fd, log.fd]);
    child.stdin?.on("error", () => {});
    const started = await startOf(host, child.pid);
    if (started !== undefined) {
      await writeFileSafely(record, `${JSON.stringify({ pid: child.pid, started } satisfies Identity)}\n`);
      child.stdin?.end("go\n");
    }
    const { ended, timedOut } = await waitFor(host, child.ended, { pid: child.pid, started: started ?? "" }, run);
    run.signal?.throwIfAborted();
    return { code: ended.code, timedOut, durationMs: performance.now() - begun, output: await readFile(said, "utf8") };
  } finally {
    await log.close();
    await rm(record, { force: true });
  }
}

/** What a killed Aplomo left under this id: `end` it, or `wait` for it when stopping it half way would leave more in doubt. */
export async function settle(host: Host, run: Pick<RecordedRun, "folder" | "id">, how: "end" | "wait", limit: number): Promise<boolean> {
  const { record } = files(run);
  const text = await readIfPresent(record);
  if (text === undefined) return false;
  const identity = JSON.parse(text) as Identity;
  const found = await isAlive(host, identity);
  if (how === "wait") await poll(async () => ((await isAlive(host, identity)) ? undefined : true), { limit });
  await endGroup(host, identity);
  if (await isAlive(host, identity)) {
    throw new AplomoError({
      operation: "end",
      subject: `process ${identity.pid}`,
      cause: "it runs on although it was killed",
      hint: "It was started by an Aplomo that was killed itself. End it, then run the command again.",
    });
  }
  await rm(record, { force: true });
  return found;
}

type Ended = { code: number | null };

async function waitFor(
  host: Host,
  ended: Promise<Ended>,
  identity: Identity,
  run: RecordedRun,
): Promise<{ ended: Ended; timedOut: boolean }> {
  let timedOut = false;
  let ending: Promise<void> | undefined;
  const end = (): void => void (ending ??= endGroup(host, identity));
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, run.limit);
  run.signal?.addEventListener("abort", end, { once: true });
  if (run.signal?.aborted) end();
  try {
    const status = await ended;
    await ending;
    return { ended: status, timedOut };
  } finally {
    clearTimeout(timer);
    run.signal?.removeEventListener("abort", end);
  }
}

function files({ folder, id }: Pick<RecordedRun, "folder" | "id">): { record: string; said: string } {
  return { record: join(folder, `${id}.json`), said: join(folder, `${id}.log`) };
}
