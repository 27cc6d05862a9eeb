import { AplomoError } from "../../base/errors.ts";
import type { Evidence } from "../../base/events.ts";
import { parseDuration, poll } from "../../base/time.ts";
import { composeHashes, composeUp } from "../../host/compose.ts";
import { startContainers } from "../../host/docker.ts";
import { change, configured, presentProject, run, settleCalls, type ComposeApp } from "./app.ts";
import { containersOf, isActive, label, nameOf, serviceOf, type Container } from "./containers.ts";
import { logsOf } from "./logs.ts";
import type { Project } from "./model.ts";
import { render } from "./render.ts";

/**
 * Databases, and what the app depends on besides: started when they do not run. One that runs stays as it is, whatever its
 * definition says by now; one that is stopped is started, not made anew.
 */
export async function startData(app: ComposeApp): Promise<Evidence> {
  await settleCalls(app);
  const { project, parts } = await render(app);
  const before = await containersOf(app);
  const resting = parts.supporting.filter((name) => !before.some((container) => serviceOf(container) === name && isActive(container)));
  if (resting.length > 0) {
    await change(app, composeUp(await presentProject(app), resting, { keep: true }), {
      operation: "start",
      subject: resting.join(", "),
      values: configured(app),
    });
  }
  for (const name of resting) await untilHealthy(app, project, name);
  const changed = await changedSince(
    app,
    before.filter((container) => parts.supporting.includes(serviceOf(container))),
  );
  return {
    running: parts.supporting.filter((name) => !resting.includes(name)),
    started: resting,
    ...(changed.length > 0 ? { leftAsItIs: changed } : {}),
  };
}

/** The files are not asked: while something is taken back they may be others, or lack their environment. */
export async function wakeData(app: ComposeApp): Promise<Evidence> {
  const services = new Set(Object.values(app.settings.databases).map(({ service }) => service));
  const resting = (await containersOf(app)).filter((container) => services.has(serviceOf(container)) && !isActive(container));
  if (resting.length === 0) return {};
  const started = resting.map(serviceOf);
  await change(app, startContainers(resting.map(({ Id }) => Id)), { operation: "start", subject: started.join(", ") });
  return { started };
}

export async function untilHealthy(app: ComposeApp, project: Project, name: string): Promise<void> {
  const find = async (): Promise<Container[]> => (await containersOf(app)).filter((container) => serviceOf(container) === name);
  const settled = await poll(
    async () => {
      const containers = await find();
      const ended = containers.find((container) => !isActive(container) || container.RestartCount > 2);
      if (ended) return ended;
      return containers.length > 0 && containers.every(isReady) ? true : undefined;
    },
    { limit: healthLimit(project, name), every: 200, signal: app.ctx.signal },
  );
  if (settled === true) return;
  const [container] = await find();
  const status = container?.State.Health?.Status ?? container?.State.Status ?? "gone";
  const said = container ? await logsOf(app, container, { tail: 5 }) : "";
  throw new AplomoError({
    operation: "start",
    subject: name,
    cause: `it is ${status}${said ? `: ${said}` : ""}`,
    hint: `See docker logs ${container ? nameOf(container) : name}.`,
  });
}

function isReady(container: Container): boolean {
  const health = container.State.Health?.Status ?? "none";
  return container.State.Status === "running" && (health === "none" || health === "healthy");
}

/** As long as the service's own health check allows, and then some: a database may have a log to replay. */
function healthLimit(project: Project, name: string): number {
  const check = project.services[name]?.healthcheck;
  const [start, interval, timeout] = [check?.start_period, check?.interval, check?.timeout].map(
    (text) => parseDuration(text ?? "30s") ?? 30_000,
  );
  return (start ?? 0) + (check?.retries ?? 3) * ((interval ?? 0) + (timeout ?? 0)) + 60_000;
}

/** Each service's name and the hash that compose would label its containers with now. */
export function definitionHashes(app: ComposeApp): Promise<string> {
  const what = { operation: "read", subject: "the compose files", values: configured(app) };
  return app.once("definition hashes", async () => (await run(app, composeHashes(await presentProject(app)), what)).stdout);
}

/** Services whose containers are not what the files say by now. Only the same compose hashes alike. */
async function changedSince(app: ComposeApp, containers: readonly Container[]): Promise<string[]> {
  const { version } = await app.program();
  const hashes = await definitionHashes(app);
  const isOther = (container: Container): boolean => {
    const comparable = label(container, "com.docker.compose.version") === version;
    return comparable && !hashes.includes(`${serviceOf(container)} ${label(container, "com.docker.compose.config-hash")}`);
  };
  const names = containers.filter(isOther).map((container) => `${serviceOf(container)}: its definition has changed since it was started`);
  return [...new Set(names)];
}
