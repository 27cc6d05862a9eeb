import type { Evidence } from "../../base/events.ts";
import { composeUp } from "../../host/compose.ts";
import { removeContainers, startContainers, stopContainers } from "../../host/docker.ts";
import type { ReleaseFolder } from "../contract.ts";
import { change, frozenProject, settleCalls, type ComposeApp } from "./app.ts";
import { composeService, containersOf, isActive, label, nameOf, serviceOf, type Container } from "./containers.ts";
import { appLabel, markOf, releaseLabel, type Frozen } from "./freeze.ts";
import { scaleOf } from "./model.ts";
import { findFrozen, layout, readFrozen } from "./release.ts";

/**
 * Puts the release in front. Compose makes a container anew exactly when its definition differs, and the release's mark is part of
 * it: another release is always recreated (never restarted: that would keep image and environment), the same one never. What a release has
 * kept of an earlier one bears that one's mark in both, and is left as it runs.
 */
export async function start(app: ComposeApp, release: ReleaseFolder, replaced: ReleaseFolder | null): Promise<Evidence> {
  await settleCalls(app);
  const frozen = await readFrozen(release);
  const older = replaced === null || replaced.id === release.id ? undefined : await findFrozen(replaced);
  const names = new Set([...Object.keys(frozen.services), ...Object.keys(older?.services ?? {})]);
  const found = (await containersOf(app)).filter((container) => names.has(serviceOf(container)));
  const before = await clearUnborn(app, found);

  // A service this release no longer has may hold a port that this release wants.
  await stopAll(
    app,
    before.filter((container) => !(serviceOf(container) in frozen.services) && isActive(container)),
  );
  const missing = Object.keys(frozen.services).filter((name) => !isComplete(frozen, name, before));
  const ready = before.filter((container) => !missing.includes(serviceOf(container)));
  const shared = ready.filter((container) => older !== undefined && carries(container, frozen) && carries(container, older));
  // What both releases mean begins anew only when it is not well: it has another image or environment in neither.
  const ill = new Set(shared.filter(({ RestartCount, State }) => RestartCount > 0 || State.Status === "restarting"));
  await stopAll(
    app,
    ready.filter((container) => isActive(container) && (!carries(container, frozen) || ill.has(container))),
  );
  const resting = ready.filter((container) => carries(container, frozen) && (!isActive(container) || ill.has(container)));
  const purpose = { operation: "start", subject: release.id, values: valuesOf(frozen) };
  if (resting.length > 0) await change(app, startContainers(resting.map(({ Id }) => Id)), purpose);
  const kept = shared.filter((container) => !resting.includes(container)).map(nameOf);
  const done = { services: Object.keys(frozen.services), ...(kept.length > 0 ? { kept } : {}) };
  if (missing.length === 0) return { ...done, recreated: [] };
  await change(app, composeUp(await frozenProject(app, layout(release).units), missing, { keep: false }), purpose);
  const after = (await containersOf(app)).filter((container) => names.has(serviceOf(container)));
  const strays = after.filter((container) => isActive(container) && !carries(container, frozen));
  await stopAll(app, strays);
  const known = new Set(before.map(({ Id }) => Id));
  const made = after.filter((container) => carries(container, frozen) && !known.has(container.Id));
  return { ...done, recreated: made.map(nameOf) };
}

/** All containers of the release's service are there, and none of another release under the name that compose knows them by. */
export function isComplete(frozen: Frozen, name: string, containers: readonly Container[]): boolean {
  const service = frozen.services[name];
  const own = containers.filter((container) => serviceOf(container) === name && carries(container, frozen));
  const names = new Set(own.map((container) => label(container, composeService)));
  const foreign = containers.some((container) => names.has(label(container, composeService)) && !carries(container, frozen));
  return service !== undefined && own.length === scaleOf(service) && !foreign && own.every(({ State }) => State.Status !== "created");
}

/** It was started from this very release or kept by it, or the release was taken down from it. */
function carries(container: Container, frozen: Frozen): boolean {
  const { release, app, images } = frozen["x-aplomo"];
  return belongs(container, { id: release }, frozen, app) && container.Image === images[serviceOf(container)]?.id;
}

/** It is one of the release's units: it carries the mark the release means, or the release was taken down from it. */
export function belongs(container: Container, release: Pick<ReleaseFolder, "id">, frozen: Frozen | undefined, app: string): boolean {
  const mark = frozen ? markOf(frozen["x-aplomo"], serviceOf(container)) : release.id;
  if (label(container, releaseLabel) === mark && label(container, appLabel) === app) return true;
  return frozen?.["x-aplomo"].adopted.includes(container.Id) ?? false;
}

export async function stop(app: ComposeApp, release: ReleaseFolder): Promise<Evidence> {
  await settleCalls(app);
  const own = (await unitsOf(app, release)).filter(isActive);
  await stopAll(app, own);
  return { stopped: own.map(nameOf) };
}

/** Containers only, and only those that do not run: no network, no volume, not even an anonymous one. */
export async function retire(app: ComposeApp, release: ReleaseFolder, front: ReleaseFolder | null): Promise<void> {
  await settleCalls(app);
  const kept = front === null || front.id === release.id ? [] : (await unitsOf(app, front)).map(({ Id }) => Id);
  const resting = (await unitsOf(app, release)).filter((container) => !isActive(container) && !kept.includes(container.Id));
  if (resting.length > 0)
    await change(app, removeContainers(resting.map(({ Id }) => Id)), { operation: "remove the units of", subject: release.id });
}

async function unitsOf(app: ComposeApp, release: ReleaseFolder): Promise<Container[]> {
  const frozen = await findFrozen(release);
  return (await containersOf(app)).filter((container) => belongs(container, release, frozen, app.name));
}

/**
 * What a crash left half made never ran, and takes the name that compose wants: it goes while the one it was to replace is there.
 * That one may be about to vanish, for the engine ends a removal whose client is dead; then the half made one holds the last
 * reference to their anonymous volumes and stays, and compose starts it. The old compose removes nothing before the new one runs.
 */
async function clearUnborn(app: ComposeApp, containers: readonly Container[]): Promise<Container[]> {
  const { old } = await app.program();
  const isUnborn = (container: Container): boolean => container.State.Status === "created" && label(container, appLabel) === app.name;
  const stays = (container: Container): boolean => isActive(container) || (old && container.State.Status === "exited");
  const hasOlder = (container: Container): boolean => containers.some((other) => stays(other) && serviceOf(other) === serviceOf(container));
  const unborn = containers.filter((container) => isUnborn(container) && hasOlder(container));
  if (unborn.length > 0) {
    await change(app, removeContainers(unborn.map(({ Id }) => Id)), { operation: "clear", subject: unborn.map(nameOf).join(", ") });
  }
  return containers.filter((container) => !unborn.includes(container));
}

/** Each with the grace period it was made with. */
async function stopAll(app: ComposeApp, containers: readonly Container[]): Promise<void> {
  if (containers.length === 0) return;
  await change(app, stopContainers(containers.map(({ Id }) => Id)), { operation: "stop", subject: containers.map(nameOf).join(", ") });
}

/** What must not be shown when something goes wrong. */
export function valuesOf(frozen: Frozen): Record<string, string> {
  const pairs = Object.entries(frozen.services).flatMap(([service, { environment }]) =>
    Object.entries(environment).map(([name, value]) => [`${service}:${name}`, value] as const),
  );
  return Object.fromEntries(pairs);
}
