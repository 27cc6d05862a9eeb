import { UsageError } from "../../base/errors.ts";
import type { Evidence } from "../../base/events.ts";
import type { Config } from "../../config/config.ts";
import type { Context } from "../../host/context.ts";
import type { ReleaseFolder, Target, Unit } from "../contract.ts";
import type { Examined } from "../examined.ts";
import { adopt } from "./adopt.ts";
import { forgetAdoption, isOwnProcess, readAdoption } from "./adoption.ts";
import { endTryOut, tryOut } from "./candidate.ts";
import { differences } from "./differences.ts";
import { isClustered } from "./ecosystem.ts";
import { inspect } from "./inspect.ts";
import { examine } from "./examine.ts";
import { findRecord } from "./layout.ts";
import { canSee } from "./listening.ts";
import { readLogs } from "./logs.ts";
import { isOf, isUp, toUnit, type Pm2Process } from "./process-list.ts";
import { openProgram } from "./program.ts";
import { pm2Rehearsal } from "./rehearsal.ts";
import { runOnce } from "./run-once.ts";
import { migrations, preview, stage, verify, type Staging } from "./stage.ts";
import { sort, start, startBeside, type Switching } from "./switch.ts";

/** An application whose processes PM2 runs on this machine. */
export function openPm2(ctx: Context, config: Config): Target {
  const { app, target } = config.settings;
  if (target.kind !== "pm2") throw new UsageError({ operation: "open", subject: "target", cause: `its kind is ${target.kind}, not pm2` });
  const pm2 = openProgram(ctx, config.directory, app);
  const staging: Staging = { ctx, config, target, pm2 };
  const switching: Switching = { ctx, app, pm2, adoption: () => readAdoption(ctx, app) };

  async function units(): Promise<Unit[]> {
    const adoption = await readAdoption(ctx, app);
    const toOwn = (process: Pm2Process): Unit => {
      const unit = toUnit(app, process, target.kind === "pm2" ? target.port : 0);
      return adoption && isOwnProcess(adoption, process) ? { ...unit, release: adoption.release } : unit;
    };
    return (await pm2.list()).filter((process) => isOf(app, process)).map(toOwn);
  }

  async function examineAll(): Promise<Examined[]> {
    const [known, processes] = [await units(), (await pm2.list()).filter((process) => isOf(app, process))];
    const pairs = processes.flatMap((process) => {
      const unit = known.find(({ id }) => Number(id.split(":")[0]) === process.id);
      return unit ? [{ process, unit }] : [];
    });
    // Beside another release it has a port of its own.
    const variables = [...config.environment].filter(([name]) => name !== "PORT");
    const meant = Object.fromEntries(variables.map(([name, { value }]) => [name, value.reveal()]));
    return Promise.all(pairs.map(({ process, unit }) => examine(process, unit, meant)));
  }

  async function findProcess(unit: Unit): Promise<Pm2Process | undefined> {
    const [id] = unit.id.split(":");
    return (await pm2.list()).find((process) => String(process.id) === id && process.name === unit.name);
  }

  async function logs(unit: Unit, options: { tail: number; sinceStart?: boolean }): Promise<string> {
    const process = await findProcess(unit);
    return process ? readLogs(process, options) : "";
  }

  /** What does not run goes; what runs is in front, whatever the caller believes. */
  async function removeStopped(release: ReleaseFolder): Promise<void> {
    await pm2.settle();
    const { mine } = await sort(switching, release);
    const stopped = mine.filter((process) => !isUp(process));
    if (stopped.length === mine.length) await forgetAdoption(ctx, app, release.id);
    if (stopped.length === 0) return;
    await pm2.remove(stopped);
    await pm2.save();
  }

  async function stop(release: ReleaseFolder): Promise<Evidence> {
    await pm2.settle();
    const running = (await sort(switching, release)).mine.filter(isUp);
    await pm2.stop(running);
    if (running.length > 0) await pm2.save();
    return { stopped: running.map(({ name, id }) => `${name} (PM2 id ${id})`) };
  }

  return {
    kind: "pm2",
    capabilities: { candidate: true, lossless: isClustered(target) && canSee, beside: true },
    inspect: () => inspect(staging),
    startData: async () => ({}),
    preview: (code) => preview(staging, code),
    stage: (release, code) => stage(staging, release, code),
    migrations: (release) => migrations(staging, release),
    adopt: (release) => adopt(staging, release),
    discard: async (release) => {
      if ((await findRecord(release)) !== undefined) await removeStopped(release);
    },
    verify,
    runOnce: (release, job) => runOnce(ctx, release, job),
    get rehearsal() {
      return pm2Rehearsal(switching, logs);
    },
    tryOut: (release, probe) => tryOut(switching, release, probe),
    endTryOut: () => endTryOut(switching),
    stop,
    startBeside: (release) => startBeside(switching, release),
    start: (release) => start(switching, release),
    retire: removeStopped,
    units,
    differences: async (unit, release) => differences(await findProcess(unit), release),
    logs,
    examine: examineAll,
  };
}
