import { stat } from "node:fs/promises";
import { relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { UsageError } from "../../base/errors.ts";
import type { Keep, ReleaseFolder } from "../contract.ts";
import type { Kept } from "../kept.ts";
import { releaseVariable, type ComposeApp } from "./app.ts";
import { frontServices } from "./beside.ts";
import { containersOf, isActive, serviceOf, type Container } from "./containers.ts";
import { freezeUnits, markOf, releaseLabel, type About, type Frozen } from "./freeze.ts";
import { mountsOf, parseProject, writeProject, type Project, type Service } from "./model.ts";
import { findFrozen, readFrozen } from "./release.ts";
import { isComplete } from "./switch.ts";

/**
 * The services that a release of the present files can leave as they run. Empty when there is nothing to tell them from: who deploys what runs
 * already wants it made anew.
 */
export async function unchanged(app: ComposeApp, previous: ReleaseFolder, project: Project, next: Next): Promise<string[]> {
  const before = await findFrozen(previous);
  if (!before || before["x-aplomo"].adopted.length > 0) return [];
  const same = sameServices(project, next, before);
  const isNew =
    next.deployed.some((name) => !same.includes(name)) || before["x-aplomo"].deployed.some((name) => !next.deployed.includes(name));
  if (!isNew) return [];
  const containers = await containersOf(app);
  const fronts = app.settings.edge.kind === "none" ? [] : frontServices(app.settings, next.deployed);
  const candidates: string[] = [];
  for (const name of same) {
    const service = before.services[name];
    if (!service || fronts.includes(name) || isTied(service) || !isWell(before, name, containers)) continue;
    if (!(await showsFiles(service, app.config.directory))) candidates.push(name);
  }
  return withoutDependents(before, candidates);
}

/** What a release of the present files would be made of. */
type Next = Pick<About, "deployed" | "images">;

/** The marks of services that a release keeps; refused when they are not, by now, what the plan saw. */
export async function keptMarks(keep: Keep | undefined, project: Project, next: Next): Promise<Kept> {
  if (!keep || keep.services.length === 0) return {};
  const before = await readFrozen(keep.of);
  const same = sameServices(project, next, before);
  const other = keep.services.find((name) => !same.includes(name));
  if (other !== undefined) {
    const cause = `it is no longer what ${keep.of.id} runs: the files or an image changed after the plan was made`;
    throw new UsageError({ operation: "leave as it runs", subject: other, cause, hint: "Run `aplomo deploy` again." });
  }
  return Object.fromEntries(keep.services.map((name) => [name, markOf(before["x-aplomo"], name)]));
}

/** Pure: services with the same image and definition, environment included, apart from what names the release. */
export function sameServices(project: Project, next: Next, before: Frozen): string[] {
  const about = { ...before["x-aplomo"], ...next, kept: {} };
  const now = parseProject(writeProject(freezeUnits(project, about)));
  const rooms = (of: Project): unknown => [of.networks ?? {}, of.volumes ?? {}];
  if (!isDeepStrictEqual(rooms(now), rooms(before))) return [];
  return next.deployed.filter((name) => {
    const [one, other] = [now.services[name], before.services[name]];
    return one !== undefined && other !== undefined && isDeepStrictEqual(unmarked(one), unmarked(other));
  });
}

function unmarked(service: Service): Service {
  const { [releaseVariable]: _variable, ...environment } = service.environment;
  const { [releaseLabel]: _label, ...labels } = service.labels;
  return { ...service, environment, labels };
}

/** All its containers run, none of them ill, and none began anew by itself: what is not well gets a new chance with every release. */
function isWell(before: Frozen, name: string, containers: readonly Container[]): boolean {
  const own = containers.filter((container) => serviceOf(container) === name && isActive(container));
  const isSound = ({ State, RestartCount }: Container): boolean =>
    State.Status === "running" && State.Health?.Status !== "unhealthy" && RestartCount === 0;
  return isComplete(before, name, containers) && own.length > 0 && own.every(isSound);
}

/**
 * It may have read, at its start, files that differ by now: secrets and configurations are copied for each release, and what lies with the
 * application's files, or is mounted as a single file, is no data.
 */
async function showsFiles(service: Service, directory: string): Promise<boolean> {
  const given = ["secrets", "configs"].some((key) => Array.isArray(service[key]) && service[key].length > 0);
  const sources = mountsOf(service).flatMap(({ type, source }) => (type === "bind" && source !== undefined ? [source] : []));
  const files = sources.map(async (source) => {
    const inside = !relative(directory, source).startsWith("..");
    return (
      inside ||
      (await stat(source).then(
        (found) => found.isFile(),
        () => true,
      ))
    );
  });
  return given || (await Promise.all(files)).includes(true);
}

/** It lives in a certain container, whoever's that is. */
function isTied(service: Service): boolean {
  return [service["network_mode"], service["pid"], service["ipc"], ...volumesFrom(service)].some((word) =>
    String(word).startsWith("container:"),
  );
}

function volumesFrom(service: Service): string[] {
  return (service["volumes_from"] as string[] | undefined) ?? [];
}

/** Pure: who needs a unit that is made anew may hold on to its address, or to its very network. */
export function withoutDependents({ services }: Pick<Project, "services">, candidates: readonly string[]): string[] {
  const staying = candidates.filter((name) => needs(services[name]).every((other) => candidates.includes(other) || !(other in services)));
  return staying.length === candidates.length ? staying : withoutDependents({ services }, staying);
}

function needs(service: Service | undefined): string[] {
  if (!service) return [];
  const words = ["network_mode", "pid", "ipc"].map((key) => service[key]).filter((word) => typeof word === "string");
  const shared = words.flatMap((word) => /^service:(.+)$/.exec(word)?.[1] ?? []);
  const others = [...(service.links ?? []), ...volumesFrom(service)].map((word) => word.split(":")[0] ?? "");
  return [...Object.keys(service.depends_on), ...shared, ...others];
}
