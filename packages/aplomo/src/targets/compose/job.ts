import { AplomoError } from "../../base/errors.ts";
import { reveal } from "../../base/secret.ts";
import { poll } from "../../base/time.ts";
import { composeRun } from "../../host/compose.ts";
import { killContainer, removeContainers } from "../../host/docker.ts";
import { lastLines } from "../../host/run.ts";
import type { Job, JobResult, ReleaseFolder } from "../contract.ts";
import { maskEnvironment } from "../release-env.ts";
import { frozenProject, type ComposeApp } from "./app.ts";
import { inspect, isActive } from "./containers.ts";
import type { Frozen } from "./freeze.ts";
import { logsOf } from "./logs.ts";
import { layout, readFrozen } from "./release.ts";

const shown = 40;

/**
 * Runs detached and is watched from here: neither a client that dies nor one that loses its stream changes what the job does, and its
 * exit code and words stay with the engine until they have been read.
 */
export async function runOnce(app: ComposeApp, release: ReleaseFolder, job: Job): Promise<JobResult> {
  const frozen = await readFrozen(release);
  const service = serviceFor(frozen, job);
  const name = `${app.project}-aplomo-${job.id}`;
  const started = performance.now();
  await end(app, name);
  try {
    const values = Object.fromEntries(Object.entries(job.env).map(([key, value]) => [key, reveal(value)]));
    const masked = (text: string): string =>
      maskEnvironment(lastLines(text.trimEnd(), shown), { ...frozen.services[service]?.environment, ...values });
    const project = await frozenProject(app, layout(release).jobs);
    // Names stand in the arguments; compose takes the values from its own environment.
    const command = composeRun(
      { ...project, env: { ...project.env, ...job.env } },
      { name, service, variables: Object.keys(values), run: job.run },
    );
    const begun = await app.ctx.host.attempt(command, job.signal);
    if (begun.code !== 0) {
      return { code: begun.code, timedOut: false, durationMs: performance.now() - started, output: masked(begun.stderr || begun.stdout) };
    }
    const left = job.limit - (performance.now() - started);
    const ended = await poll(() => hasEnded(app, name), { limit: Math.max(0, left), every: 200, signal: job.signal });
    if (!ended) await kill(app, name);
    const [container] = await inspect(app, [name]);
    if (!container) throw gone(name);
    return {
      code: container.State.ExitCode,
      timedOut: ended === undefined,
      durationMs: performance.now() - started,
      output: masked(await logsOf(app, container, { tail: shown })),
    };
  } finally {
    await end(app, name);
  }
}

function serviceFor(frozen: Frozen, job: Job): string {
  const { deployed, images, release } = frozen["x-aplomo"];
  const only = deployed.length === 1 ? deployed[0] : undefined;
  const service = job.service ?? only;
  if (service !== undefined && service in images) return service;
  throw new AplomoError({
    operation: "run",
    subject: job.run.join(" "),
    cause: service === undefined ? `${release} has several services: ${deployed.join(", ")}` : `${release} has no service ${service}`,
    hint: "Name in `service` the one whose image and environment it needs.",
  });
}

async function hasEnded(app: ComposeApp, name: string): Promise<true | undefined> {
  const [container] = await inspect(app, [name]);
  if (!container) throw gone(name);
  return isActive(container) ? undefined : true;
}

function gone(name: string): AplomoError {
  return new AplomoError({
    operation: "watch",
    subject: name,
    cause: "somebody removed the container",
    hint: "See what it has done, then deploy again.",
  });
}

/** Kills the job and waits until the engine says so: it must not write on while the caller believes it ended. */
async function kill(app: ComposeApp, name: string): Promise<void> {
  await app.ctx.host.attempt(killContainer(name));
  const ended = await poll(
    async () => {
      const [container] = await inspect(app, [name]);
      return !container || !isActive(container) ? true : undefined;
    },
    { limit: 30_000 },
  );
  if (!ended)
    throw new AplomoError({
      operation: "end",
      subject: name,
      cause: "it runs on after SIGKILL",
      hint: `Look at it: docker inspect ${name}.`,
    });
}

/** Also when the caller was interrupted: whoever is told that a job is over may rely on it. */
async function end(app: ComposeApp, name: string): Promise<void> {
  await kill(app, name);
  await app.ctx.host.attempt(removeContainers([name]));
}
