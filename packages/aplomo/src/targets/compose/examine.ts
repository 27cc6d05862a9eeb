import { readFile } from "node:fs/promises";
import { callEngine, readUsage } from "../../host/engine.ts";
import { sockets } from "../../host/sockets.ts";
import type { Unit } from "../contract.ts";
import { compareVariables, type Examined, type Listener, type Memory } from "../examined.ts";
import { usedMemory, type Usage } from "../used-memory.ts";
import { portOf } from "./address.ts";
import { noRelease, type ComposeApp } from "./app.ts";
import { label, serviceOf, type Container } from "./containers.ts";
import { appLabel } from "./freeze.ts";
import { findImage } from "./images.ts";
import { databaseServices } from "./services.ts";
import { render } from "./render.ts";
import { environmentOf } from "./take-down.ts";

export async function examine(app: ComposeApp, container: Container, unit: Unit): Promise<Examined> {
  const { Config, State, Path, Args } = container;
  const [memory, listening, image, meant] = await Promise.all([
    memoryOf(container),
    listeningIn(container),
    imageOf(app, container),
    meantFor(app, container),
  ]);
  return {
    unit,
    data: label(container, appLabel) === undefined && databaseServices(app.settings).includes(serviceOf(container)),
    command: [...(Path ? [Path] : []), ...(Args ?? [])],
    error: State.Error || null,
    outOfMemory: State.OOMKilled,
    memory,
    listening,
    port: portOf(app, container) ?? null,
    networks: Object.keys(container.NetworkSettings.Networks ?? {}),
    mounts: container.Mounts.map(({ Type, Name, Destination }) => ({
      kind: Type,
      name: Name ?? null,
      target: Destination,
      // The engine's own names; a person's are words.
      anonymous: Type === "volume" && /^[0-9a-f]{64}$/.test(Name ?? ""),
    })),
    user: Config.User,
    healthOutput: State.Health?.Log?.at(-1)?.Output.trim() ?? null,
    image,
    variables: meant && compareVariables(meant, environmentOf(Config.Env)),
    program: null,
  };
}

/** What compose would give the service now; null where the files cannot be read, or do not have it. */
async function meantFor(app: ComposeApp, container: Container): Promise<Record<string, string> | null> {
  const rendered = await render(app).catch(() => null);
  const service = rendered?.project.services[serviceOf(container)];
  if (!service) return null;
  // What names the release differs from one to the next.
  return Object.fromEntries(Object.entries(service.environment).filter(([, value]) => !value.includes(noRelease)));
}

async function memoryOf({ Id, State, HostConfig }: Container): Promise<Memory | null> {
  if (State.Status !== "running" || !HostConfig.Memory) return null;
  const answer = await callEngine(readUsage(Id)).catch(() => undefined);
  const used = answer?.status === 200 ? usedMemory(JSON.parse(answer.body.toString("utf8")) as Usage) : null;
  return used === null ? null : { used, limit: HostConfig.Memory };
}

async function listeningIn({ Id, State }: Container): Promise<Listener[] | null> {
  if (!(await isHere(Id, State.Pid))) return null;
  // The engine's own resolver listens in every container.
  const own = (await sockets(State.Pid)).filter(({ listens, host }) => listens && host !== "127.0.0.11");
  return own.map(({ port, loopback }) => ({ port, loopback }));
}

/** With an engine elsewhere the same number is some stranger's here. */
export async function isHere(container: string, pid: number): Promise<boolean> {
  if (pid <= 0) return false;
  return (await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "")).includes(container);
}

async function imageOf(app: ComposeApp, { Config, Image }: Container): Promise<Examined["image"]> {
  const named = await findImage(app, Config.Image);
  return { reference: Config.Image, running: Image, named: named?.Id ?? null };
}
