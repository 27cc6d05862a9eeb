import type { Config } from "../../config/config.ts";
import { inspectImages } from "../../host/docker.ts";
import type { Context } from "../../host/context.ts";
import { AplomoError } from "../../base/errors.ts";
import type { Evidence } from "../../base/events.ts";
import type { ReleaseFolder, Target, Unit } from "../contract.ts";
import type { Examined } from "../examined.ts";
import { addressOf, reachesContainers } from "./address.ts";
import { readAdoption } from "./adoption.ts";
import { adopt } from "./adopt.ts";
import { frontServices, startBeside } from "./beside.ts";
import { composeApp, type ComposeApp } from "./app.ts";
import { containerOf, containersOf, isUnit, label, lastDeath, serviceOf, unitOf, type Container } from "./containers.ts";
import { startData, wakeData } from "./data.ts";
import { differences } from "./differences.ts";
import { examine } from "./examine.ts";
import { appLabel } from "./freeze.ts";
import { untagImages } from "./images.ts";
import { inspect } from "./inspect.ts";
import { runOnce } from "./job.ts";
import { logsOf } from "./logs.ts";
import { readMigrations } from "./migrations.ts";
import { readFrozen, verifyFiles } from "./release.ts";
import { composeRehearsal } from "./rehearsal.ts";
import { render } from "./render.ts";
import { preview, stage, unchangedSince } from "./stage.ts";
import { retire, start, stop } from "./switch.ts";

/** An application whose services docker compose runs on this machine. */
export function openCompose(ctx: Context, config: Config): Target {
  const app = composeApp(ctx, config);
  return {
    kind: "compose",
    capabilities: { candidate: false, lossless: false, beside: true },
    inspect: () => inspect(app),
    startData: () => startData(app),
    wakeData: () => wakeData(app),
    preview: (code) => preview(app, code),
    stage: (release, code, keep) => stage(app, release, code, keep),
    unchanged: (previous, code) => unchangedSince(app, previous, code),
    migrations: (release) => readMigrations(app, release),
    adopt: (release) => adopt(app, release),
    discard: (release) => untagImages(app, release.id),
    verify: (release) => verify(app, release),
    runOnce: (release, job) => runOnce(app, release, job),
    get rehearsal() {
      return composeRehearsal(app, (inside) => openCompose(ctx, inside));
    },
    stop: (release) => stop(app, release),
    startBeside: (release) => startBeside(app, release),
    start: (release, replaced) => start(app, release, replaced),
    retire: (release, front) => retire(app, release, front),
    units: async () => units(app, await replacedServices(app), await reachesContainers(app)),
    differences: (unit, release) => differences(app, unit, release),
    async logs(unit, options) {
      const container = await containerOf(app, unit);
      return container ? logsOf(app, container, options) : "";
    },
    examine: () => examineAll(app),
  };
}

/** What Aplomo started, and what else of the project a release would replace. */
async function units(app: ComposeApp, isReplaced: (service: string) => boolean, direct: boolean): Promise<Unit[]> {
  const found = (await containersOf(app)).filter((container) => {
    return label(container, appLabel) === app.name || (isUnit(app, container) && isReplaced(serviceOf(container)));
  });
  return toUnits(app, found, direct);
}

async function toUnits(app: ComposeApp, found: readonly Container[], direct: boolean): Promise<Unit[]> {
  const adoption = await readAdoption(app);
  const replaceable = found.filter((container) => isUnit(app, container));
  const fronts = frontServices(app.settings, [...new Set(replaceable.map(serviceOf))]);
  return Promise.all(
    found.map(async (container) => {
      const state = unitOf(container, addressOf(app, container, direct), await lastDeath(app, container));
      const unit = { ...state, front: fronts.includes(state.service) };
      return adoption?.containers.includes(container.Id) ? { ...unit, release: adoption.release } : unit;
    }),
  );
}

/** Every container of the project, whatever its part in it: what a deploy leaves alone may be what ails. */
async function examineAll(app: ComposeApp): Promise<Examined[]> {
  const found = await containersOf(app);
  const known = await toUnits(app, found, await reachesContainers(app));
  return Promise.all(found.map((container, index) => examine(app, container, known[index] as Unit)));
}

/** Services in the files that are not deployed are nobody's units. Where the files cannot be read, settings and labels must do. */
async function replacedServices(app: ComposeApp): Promise<(service: string) => boolean> {
  try {
    const { project, parts } = await render(app);
    return (service) => parts.deployed.includes(service) || !(service in project.services);
  } catch (error) {
    if (error instanceof AplomoError) return () => true;
    throw error;
  }
}

async function verify(app: ComposeApp, release: ReleaseFolder): Promise<Evidence> {
  await verifyFiles(release);
  const { images } = (await readFrozen(release))["x-aplomo"];
  for (const [service, { id, reference, digest }] of Object.entries(images)) {
    const result = await app.ctx.host.attempt(inspectImages([id]));
    if (result.code === 0) continue;
    throw new AplomoError({
      operation: "start from",
      subject: `release ${release.id}`,
      cause: `the image of ${service} (${reference}) is no longer on this server`,
      hint: digest ? `Fetch it again: docker pull ${digest}.` : "Go back to another release, or deploy again.",
    });
  }
  return { release: release.id, images: Object.keys(images).length };
}
