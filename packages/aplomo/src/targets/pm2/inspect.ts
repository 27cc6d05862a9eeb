import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { parseDuration } from "../../base/time.ts";
import type { TargetFacts } from "../contract.ts";
import { baseEnvironment, findPm2, missing, type Pm2 } from "./program.ts";
import { clashes, isClustered } from "./ecosystem.ts";
import { canSee, owners } from "./listening.ts";
import { descendants } from "../../host/liveness.ts";
import { isOf, isUp, type Pm2Process } from "./process-list.ts";
import { isInside, openSource } from "./source.ts";
import { absent, clashFailure, type Staging } from "./stage.ts";

type Refusal = TargetFacts["refusals"][number];

/** From the stop of the old process to the new one's listening, as measured with a small app on two slow cores. */
const forkInterrupts = 1_500;

export async function inspect(staging: Staging): Promise<TargetFacts> {
  const { config, target, pm2 } = staging;
  const { app } = config.settings;
  const data = Object.entries(config.settings.databases).flatMap(([name, { file }]) =>
    file === undefined ? [] : [`database ${name} in ${resolve(config.directory, file)}`],
  );
  const still = [...scriptMissing(staging), ...databaseInCopy(staging), ...settingsThatContradict(staging)];
  if ((await findPm2(config.directory, baseEnvironment()["PATH"] ?? "")) === undefined) {
    return { runtime: "no PM2", replaces: [app], data, refusals: [missing, ...still], interrupts: 0 };
  }
  const all = await pm2.list();
  // Each release has a port of its own then.
  const hasEdge = config.settings.edge.kind !== "none";
  const old = all.filter((process) => isOf(app, process) && isUp(process));
  const lossless = isClustered(target) && canSee && old.every(({ clustered }) => clustered);
  const atBoot = startedAtBoot(staging);
  return {
    runtime: `PM2 ${await pm2.version()}, ${target.instances} × ${isClustered(target) ? "cluster" : "fork"}`,
    replaces: old.length > 0 ? [...new Set(old.map(({ name }) => name))] : [app],
    data,
    refusals: [...still, ...(await daemonLeaks(staging)), ...(hasEdge ? [] : await portTaken(staging, all))],
    interrupts: lossless || old.length === 0 ? 0 : forkInterrupts,
    ...(atBoot === undefined ? {} : { atBoot }),
  };
}

function scriptMissing({ ctx, config, target, pm2 }: Staging): Refusal[] {
  const { root, leaveOut } = openSource(ctx, config, target, pm2.home);
  const script = join(root, target.script);
  if (!existsSync(script)) {
    const hint = "Set target.script in aplomo.yml, relative to target.source; build the app first when it is made by a build.";
    return target.install ? [] : [{ message: `the script ${script} does not exist`, hint }];
  }
  return leaveOut(target.script)
    ? [{ message: `target.exclude leaves out the script ${target.script} itself`, hint: "Change target.exclude." }]
    : [];
}

/**
 * Each release runs in a folder of its own: an app that opens `data/app.db` from where it stands would find it empty. It does not
 * when its environment tells it the whole path.
 */
function databaseInCopy({ ctx, config, target, pm2 }: Staging): Refusal[] {
  const { root } = openSource(ctx, config, target, pm2.home);
  const values = [...config.environment.values()].map(({ value }) => value.reveal());
  const files = Object.values(config.settings.databases).flatMap(({ file }) =>
    file === undefined ? [] : [resolve(config.directory, file)],
  );
  return files
    .filter((file) => isInside(root, file) && !values.some((value) => value.includes(file) || value.includes(join(file, ".."))))
    .map((file) => ({
      message: `the database ${file} lies in the folder that is copied into each release, where the app would open an empty one instead`,
      hint: `Give the app its whole path in the env file, e.g. DATABASE_FILE=${file}, or move it out of target.source.`,
    }));
}

function settingsThatContradict({ config, target }: Staging): Refusal[] {
  const refusals: Refusal[] = [];
  if (target.instances > 1 && !isClustered(target)) {
    const message = `${target.instances} processes in fork mode cannot listen on one port`;
    refusals.push({ message, hint: "Set target.exec_mode to cluster, or target.instances to 1." });
  }
  const clashing = clashes(config.environment.keys());
  if (clashing.length > 0) {
    const { subject, cause, hint } = clashFailure(clashing);
    refusals.push({ message: `the variable ${subject} cannot be given to the app: ${cause}`, hint });
  }
  for (const [name, { value }] of config.environment) {
    const limit = shutdownLimit(name, value.reveal());
    if (limit === undefined || limit < target.kill_timeout) continue;
    refusals.push({
      message: `PM2 kills the app after ${target.kill_timeout / 1_000} s, and the app gives itself ${limit / 1_000} s to end (${name})`,
      hint: `Set target.kill_timeout above it: ${Math.ceil(limit / 1_000) + 1}s.`,
    });
  }
  return refusals;
}

/** Milliseconds an application gives its own shutdown, when a variable says so without leaving its unit open. */
export function shutdownLimit(name: string, value: string): number | undefined {
  const named =
    /(?:^|_)(?:SHUTDOWN|DRAIN|GRACEFUL|GRACE|FORCE_EXIT)(?:_\w+)?_?(?:TIMEOUT|LIMIT|DEADLINE|PERIOD)(?:_(MS|MILLISECONDS|S|SEC|SECONDS))?$/i.exec(
      name,
    );
  if (!named) return undefined;
  const unit = named[1]?.toUpperCase();
  if (/^\d+(\.\d+)?$/.test(value)) return unit === undefined ? undefined : Number(value) * (unit.startsWith("M") ? 1 : 1_000);
  return /[a-z]$/.test(value) ? parseDuration(value) : undefined;
}

/** In cluster mode a worker is born with the environment of the daemon, which is that of the shell that once started it. */
async function daemonLeaks(staging: Staging): Promise<Refusal[]> {
  const { config, target, pm2 } = staging;
  if (!isClustered(target)) return [];
  const born = (await readFile(`/proc/${await daemonOf(pm2)}/environ`, "utf8").catch(() => "")).split("\0");
  const meant = Object.fromEntries([...config.environment.keys()].map((name) => [name, ""]));
  const leaked = (await absent(staging, { NODE_ENV: "", PORT: "", ...meant })).filter((name) =>
    born.some((pair) => pair.startsWith(`${name}=`)),
  );
  if (leaked.length === 0) return [];
  return [
    {
      message: `PM2's daemon was started from a shell that had ${leaked.join(", ")}, and gives it to every process in cluster mode`,
      hint: "Start the daemon anew from a shell without it, which interrupts all that it runs: `pm2 save && pm2 kill && pm2 resurrect`.",
    },
  ];
}

async function daemonOf({ home }: Pm2): Promise<number> {
  return Number(await readFile(join(home, "pm2.pid"), "utf8").catch(() => "0"));
}

/** Refuses a port that something else has: the new release could never listen, and the old one may be someone else's too. */
async function portTaken({ config, target, pm2 }: Staging, all: Pm2Process[]): Promise<Refusal[]> {
  if (!canSee) return [];
  const { app } = config.settings;
  const sharing = all.find((process) => !isOf(app, process) && isUp(process) && Number(process.env["PORT"]) === target.port);
  const hint = `Stop it, or give the app another port in aplomo.yml (target.port).`;
  if (sharing && sharing.name !== `${app}-candidate`) {
    return [{ message: `PM2's process ${sharing.name} has port ${target.port} already`, hint }];
  }
  const { open, pids } = await owners(target.port);
  if (!open) return [];
  const known = new Set([await daemonOf(pm2)]);
  for (const process of all.filter((one) => isOf(app, one) && one.pid > 0))
    for (const pid of await descendants(process.pid)) known.add(pid);
  const foreign = pids.filter((pid) => !known.has(pid));
  if (pids.length > 0 && foreign.length === 0) return [];
  const names = await Promise.all(
    foreign.map(async (pid) => `${(await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "?")).trim()} (pid ${pid})`),
  );
  return [{ message: `port ${target.port} is taken by ${names.join(", ") || "a process of another user"}`, hint }];
}

/** Saving the list is of use only when something brings it back. */
function startedAtBoot({ ctx }: Staging): string | null | undefined {
  if (!existsSync("/run/systemd/system")) return undefined;
  const unit = `pm2-${userInfo().username}.service`;
  if (existsSync(`/etc/systemd/system/${unit}`)) return unit;
  ctx.emit({
    type: "warning",
    message: "PM2 is not started when this machine boots: after a reboot the app stays down",
    hint: "Run `pm2 startup` and the command it prints, once.",
  });
  return null;
}
