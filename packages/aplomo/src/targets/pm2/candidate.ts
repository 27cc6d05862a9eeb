import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AplomoError } from "../../base/errors.ts";
import type { Evidence } from "../../base/events.ts";
import { poll } from "../../base/time.ts";
import { readIfPresent, writeFileSafely } from "../../host/files.ts";
import { processIdentity } from "../../host/process.ts";
import type { ReleaseFolder, Unit } from "../contract.ts";
import { maskEnvironment } from "../release-env.ts";
import { candidate, candidateName, processFile, readEcosystem } from "./ecosystem.ts";
import { layout, readRecord } from "./layout.ts";
import { freePort, listensOn } from "./listening.ts";
import { lastLog } from "./logs.ts";
import { endOf, toUnit, type Pm2Process } from "./process-list.ts";
import { heeding, type Switching } from "./switch.ts";

/** Boots one process of the release on a port of its own, for `probe`; it is gone afterwards, whatever happened. */
export async function tryOut(switching: Switching, release: ReleaseFolder, probe: (unit: Unit) => Promise<void>): Promise<Evidence> {
  await clearTheWay(switching);
  return bootAside(switching, release, probe);
}

/** Removes what a killed Aplomo was trying out, if it was: PM2 is asked only when the process file is still there. */
export async function endTryOut(switching: Switching): Promise<void> {
  if ((await readIfPresent(fileOf(switching))) !== undefined) await sweep(switching);
}

/** Nothing has the candidate's name afterwards. */
export async function clearTheWay(switching: Switching): Promise<void> {
  refuseStrangers(await sweep(switching));
}

/** Removes what is ours under the candidate's name, and gives back what is not. */
async function sweep(switching: Switching): Promise<Pm2Process[]> {
  const { app, pm2 } = switching;
  await pm2.settle();
  const named = (await pm2.list()).filter(({ name }) => name === candidateName(app));
  await pm2.remove(named.filter(isOurs));
  await rm(fileOf(switching), { force: true });
  return named.filter((one) => !isOurs(one));
}

/** As `tryOut`, where the way is clear. `env` wins over the release's own. */
export async function bootAside(
  switching: Switching,
  release: ReleaseFolder,
  probe: (unit: Unit) => Promise<void>,
  env: Record<string, string> = {},
): Promise<Evidence> {
  const { ctx, app, pm2 } = switching;
  const heeded = heeding(ctx);
  const { listenTimeout } = await readRecord(release);
  const at = layout(release);
  const file = fileOf(switching);
  const name = candidateName(app);
  const find = async (): Promise<Pm2Process[]> => (await pm2.list()).filter((one) => one.name === name && isOurs(one));

  const port = await freePort();
  const usual = await readEcosystem(release);
  const aside = candidate(app, { ...usual, env: { ...usual.env, ...env } }, release, port);
  await mkdir(at.logs, { recursive: true, mode: 0o700 });
  await rm(aside.out_file, { force: true });
  await rm(aside.error_file, { force: true });
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFileSafely(file, processFile(aside));
  const begun = performance.now();
  // Each look at PM2's list costs the start of a program; whether a process is there, and listens, the kernel says at once.
  let last: { running: Pm2Process; identity: string } | undefined;
  try {
    await pm2.launch(file, listenTimeout);
    let running: Pm2Process | undefined;
    const found = await poll(
      async () => {
        if (running === undefined || processIdentity(running.pid) === null) running = alive(await find(), release);
        const host = await listensOn(running.pid, port);
        const identity = processIdentity(running.pid);
        return host === undefined || identity === null ? undefined : { running, identity, address: { host, port } };
      },
      { limit: listenTimeout, every: 50, ...heeded },
    );
    if (!found) throw new Error(`it did not listen on PORT (${port}) within ${listenTimeout / 1_000} s`);
    const listening = performance.now() - begun;
    last = found;
    await probe({ ...toUnit(app, found.running, port), release: release.id, address: found.address });
    // A probe that was answered says nothing of a process that ended right after.
    if (processIdentity(found.running.pid) !== found.identity) throw endedBy(await find(), release);
    return { port, listeningAfterMs: Math.round(listening) };
  } catch (error) {
    const [left] = await find();
    const said = left ? maskEnvironment(await lastLog(left, 20), aside.env) : "";
    throw new AplomoError({
      operation: "try out",
      subject: `release ${release.id}`,
      cause: error,
      hint: "The units that run were left alone: correct the release and deploy again.",
      evidence: endOf(left, said),
    });
  } finally {
    // While its process is the one that was found, PM2's id is its own.
    if (last && processIdentity(last.running.pid) === last.identity) await pm2.removeSeen(last.running);
    else await pm2.remove(await find());
    await rm(file, { force: true });
  }
}

/**
 * The process file: of the application and not of the release, for who comes after a crash does not know which one was tried out.
 * It is there for as long as a process of it may be.
 */
function fileOf({ ctx, app }: Switching): string {
  return join(ctx.home, "pm2", app, "candidate.json");
}

const isOurs = ({ env }: Pm2Process): boolean => "APLOMO_RELEASE" in env;

/** PM2 would take starting the candidate for an order to restart whatever has its name. */
function refuseStrangers([stranger]: Pm2Process[]): void {
  if (!stranger) return;
  throw new AplomoError({
    operation: "try out a release as",
    subject: stranger.name,
    cause: "PM2 has a process of that name which Aplomo did not start",
    hint: "Give that process another name.",
  });
}

/** The candidate, which is never restarted: it runs or it has ended. */
function alive([process]: Pm2Process[], release: ReleaseFolder): Pm2Process {
  if (process && process.pid > 0) return process;
  throw endedBy(process ? [process] : [], release);
}

function endedBy([process]: Pm2Process[], release: ReleaseFolder): Error {
  const code = process?.exitCode ?? null;
  return new Error(`a process of ${release.id} ended${code === null ? "" : ` with exit code ${code}`} when it was tried out`);
}
