import type { Unit } from "../contract.ts";
import { containerDeaths, inspectContainers, listContainers } from "../../host/docker.ts";
import { run, type ComposeApp } from "./app.ts";
import { appLabel, releaseLabel, serviceLabel } from "./freeze.ts";
import { databaseServices } from "./services.ts";
import type { ComposeSettings } from "../../config/schema.ts";

/** What `docker container inspect` says, as far as it is used. */
export interface Container {
  Id: string;
  Name: string;
  Created: string;
  Image: string;
  RestartCount: number;
  /** What it was started with, word for word. */
  Path?: string;
  Args?: string[] | null;
  State: {
    Status: "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
    Pid: number;
    ExitCode: number;
    OOMKilled: boolean;
    Error: string;
    StartedAt: string;
    FinishedAt: string;
    Health?: { Status: "none" | "starting" | "healthy" | "unhealthy"; Log?: { Output: string }[] | null };
  };
  Config: {
    Image: string;
    Env: string[] | null;
    Cmd: string[] | null;
    Entrypoint: string[] | null;
    Labels: Record<string, string> | null;
    User: string;
    WorkingDir: string;
    Healthcheck?: Healthcheck | null;
    ExposedPorts?: Record<string, unknown> | null;
    StopSignal?: string;
    StopTimeout?: number | null;
  };
  HostConfig: {
    NetworkMode: string;
    RestartPolicy: { Name: string; MaximumRetryCount: number };
    PortBindings: Record<string, PortBinding[] | null> | null;
    /** Bytes; 0: as much as there is. */
    Memory?: number;
  };
  Mounts: { Type: string; Name?: string; Source: string; Destination: string; RW: boolean }[];
  NetworkSettings: {
    Ports: Record<string, PortBinding[] | null> | null;
    Networks: Record<string, { IPAddress: string }> | null;
  };
}

export interface PortBinding {
  HostIp: string;
  HostPort: string;
}

/** Durations in nanoseconds. */
export interface Healthcheck {
  Test?: string[] | null;
  Interval?: number;
  Timeout?: number;
  StartPeriod?: number;
  Retries?: number;
}

/** Every container of the project, in whatever state, except one-off ones. */
export async function containersOf(app: ComposeApp): Promise<Container[]> {
  // Those of the last time are looked at while the engine is asked whether there are others: it is nearly always the same ones.
  const expecting = inspect(app, app.expected).catch(() => []);
  const listed = await run(app, listContainers([`com.docker.compose.project=${app.project}`]), {
    operation: "list",
    subject: "the containers",
  });
  const ids = listed.stdout.split("\n").filter(Boolean);
  const known = (await expecting).filter(({ Id }) => ids.includes(Id));
  const others = await inspect(
    app,
    ids.filter((id) => !known.some(({ Id }) => Id === id)),
  );
  app.expected = ids;
  return [...known, ...others]
    .toSorted((a, b) => ids.indexOf(a.Id) - ids.indexOf(b.Id))
    .filter((container) => label(container, "com.docker.compose.oneoff") !== "True");
}

/** The containers that are still there, by id or name. */
export async function inspect(app: ComposeApp, ids: readonly string[]): Promise<Container[]> {
  if (ids.length === 0) return [];
  const result = await app.ctx.host.attempt(inspectContainers(ids));
  // One that went meanwhile makes it fail, but the others are told all the same.
  return JSON.parse(result.stdout.trim() || "[]") as Container[];
}

/** The container that a unit was. */
export async function containerOf(app: ComposeApp, unit: Unit): Promise<Container | undefined> {
  return (await inspect(app, unit.id.split(":").slice(0, 1)))[0];
}

export function label(container: Container, name: string): string | undefined {
  return container.Config.Labels?.[name];
}

/** What compose itself calls the service. */
export const composeService = "com.docker.compose.service";

/** What the user's files call the service. */
export function serviceOf(container: Container): string {
  return label(container, serviceLabel) ?? label(container, composeService) ?? "";
}

export function nameOf(container: Container): string {
  return container.Name.replace(/^\//, "");
}

/** It runs, or will without anybody's doing. */
export function isActive(container: Container): boolean {
  return ["running", "restarting", "paused"].includes(container.State.Status);
}

/** The containers a release may consist of: not the databases, and only what `target.services` names. */
export function isUnit(app: ComposeApp, container: Container): boolean {
  if (label(container, appLabel) === app.name) return true;
  const service = serviceOf(container);
  const chosen = (app.settings.target as ComposeSettings).services;
  return !databaseServices(app.settings).includes(service) && (chosen === undefined || chosen.includes(service));
}

export function unitOf(container: Container, address: Unit["address"], lastDeath: number | null): Unit {
  const { State } = container;
  const health = State.Health?.Status;
  const active = isActive(container);
  return {
    // The engine keeps the container's id when it starts it anew after an end: the unit is another one all the same.
    id: `${container.Id}:${Date.parse(State.StartedAt)}`,
    name: nameOf(container),
    service: serviceOf(container),
    release: label(container, releaseLabel) ?? null,
    state: stateOf(container),
    health: health === undefined || health === "none" ? null : health,
    startedAt: State.Status === "running" || State.Status === "paused" ? State.StartedAt : null,
    restarts: container.RestartCount,
    exitCode: active && State.Status !== "restarting" ? lastDeath : State.FinishedAt.startsWith("0001-") ? lastDeath : State.ExitCode,
    address,
  };
}

/** Exit codes of who was asked to stop: 0, SIGINT, SIGKILL, SIGTERM. */
const stopped = new Set([0, 130, 137, 143]);

function stateOf({ State }: Container): Unit["state"] {
  if (State.Status === "running") return "running";
  if (State.Status === "restarting") return "restarting";
  if (State.Status === "created") return State.Error ? "failed" : "starting";
  if (State.Status === "dead" || State.OOMKilled) return "failed";
  return State.Status !== "exited" || stopped.has(State.ExitCode) ? "stopped" : "failed";
}

/** The exit code of the last run that ended; the engine itself forgets it when it starts the container again. */
export async function lastDeath(app: ComposeApp, container: Container): Promise<number | null> {
  if (container.RestartCount === 0 || !isActive(container)) return null;
  // To the millisecond: whole seconds would leave out a death of this very second.
  const seconds = (date: Date): string => (date.getTime() / 1_000).toFixed(3);
  const command = containerDeaths(container.Id, seconds(new Date(container.Created)), seconds(app.ctx.now()));
  const result = await app.ctx.host.attempt(command);
  const last = result.stdout.trim().split("\n").at(-1);
  if (result.code !== 0 || !last) return null;
  const event = JSON.parse(last) as { Actor?: { Attributes?: { exitCode?: string } } };
  const code = event.Actor?.Attributes?.exitCode;
  return code === undefined ? null : Number(code);
}
