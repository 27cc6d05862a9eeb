import { AplomoError } from "../../base/errors.ts";
import type { Evidence } from "../../base/events.ts";
import { poll } from "../../base/time.ts";
import type { Context } from "../../host/context.ts";
import type { ReleaseFolder } from "../contract.ts";
import { maskEnvironment } from "../release-env.ts";
import { isOwnProcess, type Adoption } from "./adoption.ts";
import { writeFileSafely } from "../../host/files.ts";
import { ownPorts } from "../own-ports.ts";
import { processFile, processName, readEcosystem } from "./ecosystem.ts";
import { layout, readRecord, type ReleaseRecord } from "./layout.ts";
import { accepting, canSee, listensOn } from "./listening.ts";
import { lastLog } from "./logs.ts";
import { endOf, isOf, isUp, portOf, type Pm2Process } from "./process-list.ts";
import type { Pm2 } from "./program.ts";

export interface Switching {
  ctx: Context;
  app: string;
  pm2: Pm2;
  adoption(): Promise<Adoption | undefined>;
}

/**
 * Exactly this release's processes run afterwards. In cluster mode the new ones share the port with the old ones, which are
 * asked to stop only when each new one has accepted a connection; otherwise the port has to be given up first. Those that were started
 * beside the old ones have a port of their own.
 */
export async function start(switching: Switching, release: ReleaseFolder): Promise<Evidence> {
  const { pm2 } = switching;
  // Now: one that comes while PM2 is busy is heeded afterwards.
  const heeded = heeding(switching.ctx);
  const record = await readRecord(release);
  await pm2.settle();
  const { others } = await sort(switching, release);
  const old = others.filter(isUp);
  const beside = canShare(record, old);
  const stopOld = (): Promise<void> => pm2.stop(old);
  if (!beside) await stopOld();
  const begun = await bringUp(switching, release, { file: layout(release).ecosystem, sharing: old.length, heeded });
  if (beside) await stopOld();
  const saved = await pm2.save();
  return {
    processes: begun.names,
    stopped: old.map(({ name, id }) => `${name} (PM2 id ${id})`),
    sideBySide: beside && old.length > 0,
    listeningAfterMs: begun.ms,
    saved,
  };
}

/** On a port of its own, so that it is asked, and asked for, apart from the processes that run. */
export async function startBeside(switching: Switching, release: ReleaseFolder): Promise<Evidence> {
  const { pm2 } = switching;
  const heeded = heeding(switching.ctx);
  await pm2.settle();
  const { mine } = await sort(switching, release);
  if (mine.length !== (await readRecord(release)).instances) await givePort(switching, release);
  const begun = await bringUp(switching, release, { file: layout(release).beside, sharing: 0, heeded });
  const saved = await pm2.save();
  return { processes: begun.names, listeningAfterMs: begun.ms, saved };
}

async function givePort({ app, pm2 }: Switching, release: ReleaseFolder): Promise<void> {
  // Also those of processes that are stopped, and may be needed again.
  const [port] = await ownPorts(app, 1, new Set((await pm2.list()).map((process) => portOf(process, 0))));
  const usual = await readEcosystem(release);
  await writeFileSafely(layout(release).beside, processFile({ ...usual, env: { ...usual.env, PORT: String(port) } }));
}

/** The release's processes, woken when they are there, and started from `file` when they are not; until each takes connections. */
async function bringUp(
  switching: Switching,
  release: ReleaseFolder,
  from: { file: string; sharing: number; heeded: Heeded },
): Promise<{ names: string[]; ms: number }> {
  const { pm2 } = switching;
  const begun = performance.now();
  const record = await readRecord(release);
  const { mine } = await sort(switching, release);
  const existed = mine.length === record.instances;
  try {
    if (existed) await wake(pm2, mine);
    else {
      await pm2.remove(mine);
      // With `wait_ready` PM2 waits for one process after the other.
      await pm2.launch(from.file, record.instances * record.listenTimeout);
    }
    await untilListening(switching, release, record, from.sharing, from.heeded);
  } catch (error) {
    const cause = await why(switching, release, error, (await readEcosystem(release)).env);
    const made = (await sort(switching, release)).mine;
    // What stood there before, stopped or not, is not this call's to remove.
    await (existed ? pm2.stop(mine.filter((process) => !isUp(process))) : pm2.remove(made));
    await pm2.save();
    throw cause;
  }
  const ms = Math.round(performance.now() - begun);
  return { names: (await sort(switching, release)).mine.map(({ name, id, pid }) => `${name} (PM2 id ${id}, pid ${pid})`), ms };
}

/** The signal to interrupt a wait with, if any. */
export type Heeded = { signal?: AbortSignal };

/** After Ctrl-C a start is what takes things back: a signal that was given before is not meant for it. */
export function heeding({ signal }: Context): Heeded {
  return signal.aborted ? {} : { signal };
}

/** This release's processes, and all others of the application. */
export async function sort(switching: Switching, release: ReleaseFolder): Promise<{ mine: Pm2Process[]; others: Pm2Process[] }> {
  const { app, pm2 } = switching;
  const adoption = await switching.adoption();
  const all = (await pm2.list()).filter((process) => isOf(app, process));
  const isMine = (process: Pm2Process): boolean =>
    process.name === processName(app, release.id) || (adoption?.release === release.id && isOwnProcess(adoption, process));
  return { mine: all.filter(isMine), others: all.filter((process) => !isMine(process)) };
}

/** Two workers of one daemon may listen on one port, whatever they are called; a process of its own may not. */
function canShare(record: ReleaseRecord, old: Pm2Process[]): boolean {
  return canSee && record.clustered && old.every(({ clustered }) => clustered);
}

/** Stopped processes run again; counting restarts begins anew, for they are judged from here on. */
async function wake(pm2: Pm2, mine: Pm2Process[]): Promise<void> {
  await pm2.restart(mine.filter((process) => !isUp(process)));
  await pm2.reset(mine);
}

/** Until each process has shown that it takes connections; throws when one ends before or the limit has passed. */
async function untilListening(
  switching: Switching,
  release: ReleaseFolder,
  record: ReleaseRecord,
  old: number,
  heeded: Heeded,
): Promise<void> {
  const { mine } = await sort(switching, release);
  const heard = new Set<number>();
  const port = mine[0] ? portOf(mine[0], record.port) : record.port;
  const done = await poll(
    async () => {
      const waiting = mine.filter(({ pid }) => !heard.has(pid)).map(({ pid }) => pid);
      if (record.clustered && canSee) for (const pid of await accepting(waiting, port, mine.length + old)) heard.add(pid);
      else for (const pid of waiting) if (await listensOn(pid, port)) heard.add(pid);
      if (heard.size === record.instances && mine.length === record.instances) return true;
      const now = (await sort(switching, release)).mine;
      const lost = mine.find((one) => one.pid === 0 || !now.some((same) => same.id === one.id && same.pid === one.pid));
      if (lost) throw new Ended(now.find(({ id }) => id === lost.id) ?? lost);
      return undefined;
    },
    { limit: record.listenTimeout, every: 200, ...heeded },
  );
  if (done) return;
  throw new Silent(mine.length - heard.size, { ...record, port });
}

/** A process of the release ended while it was being started; exit code 0 is an end too. */
class Ended extends Error {
  constructor({ name, exitCode }: Pm2Process) {
    super(`${name} ended${exitCode === null ? "" : ` with exit code ${exitCode}`} while it was being started`);
  }
}

class Silent extends Error {
  constructor(count: number, { port, instances, listenTimeout }: ReleaseRecord) {
    super(`${count} of ${instances} did not listen on port ${port} within ${listenTimeout / 1_000} s, though PM2 calls them online`);
  }
}

async function why(switching: Switching, release: ReleaseFolder, error: unknown, env: Record<string, string>): Promise<unknown> {
  if (!(error instanceof Ended || error instanceof Silent)) return error;
  const [first] = (await sort(switching, release)).mine;
  const said = first ? maskEnvironment(await lastLog(first, 20), env) : "";
  return new AplomoError({
    operation: "start",
    subject: `release ${release.id}`,
    cause: error,
    evidence: endOf(first, said),
    hint:
      error instanceof Ended
        ? "Look at its last lines; a server must not end by itself, with whatever exit code."
        : "Make the app listen on PORT; when it only needs longer, raise target.listen_timeout.",
  });
}
