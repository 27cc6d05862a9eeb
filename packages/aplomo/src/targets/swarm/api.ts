import { AplomoError } from "../../base/errors.ts";
import { poll } from "../../base/time.ts";
import { callEngine, LateError, readNodes, readService, readTasks, type EngineCall } from "../../host/engine.ts";

/** What the engine says of a service, as far as it is used; everything else of a spec passes through. */
export interface Service {
  ID: string;
  Version: { Index: number };
  Spec: Spec;
  UpdateStatus?: { State: string; Message?: string };
  Endpoint?: { Ports?: PortSpec[] };
}

export interface Spec {
  Name: string;
  Labels?: Record<string, string>;
  TaskTemplate: {
    ContainerSpec: ContainerSpec;
    RestartPolicy?: { Condition?: string } & Record<string, unknown>;
    Networks?: { Target: string; Aliases?: string[] }[];
    Placement?: { MaxReplicas?: number } & Record<string, unknown>;
    [key: string]: unknown;
  };
  Mode: { Replicated?: { Replicas: number }; Global?: object; ReplicatedJob?: object };
  UpdateConfig?: UpdateConfig;
  RollbackConfig?: UpdateConfig;
  EndpointSpec?: { Mode?: string; Ports?: PortSpec[] };
}

export interface ContainerSpec {
  Image: string;
  Labels?: Record<string, string>;
  Env?: string[];
  Command?: string[];
  Args?: string[];
  Mounts?: { Type: string; Source?: string; Target: string }[];
  [key: string]: unknown;
}

export interface UpdateConfig {
  Parallelism: number;
  /** Nanoseconds. */
  Monitor: number;
  FailureAction: "pause" | "continue" | "rollback";
  MaxFailureRatio: number;
  Order: "start-first" | "stop-first";
}

export interface PortSpec {
  Protocol?: string;
  TargetPort: number;
  PublishedPort?: number;
  PublishMode?: "host" | "ingress";
}

export interface Task {
  ID: string;
  Slot?: number;
  NodeID?: string;
  CreatedAt: string;
  Spec: { ContainerSpec: ContainerSpec };
  DesiredState: string;
  NetworksAttachments?: { Network: { Spec: { Name: string } }; Addresses?: string[] }[];
  Status: {
    State: string;
    Timestamp: string;
    Err?: string;
    ContainerStatus?: { ExitCode?: number; ContainerID?: string };
    PortStatus?: { Ports?: PortSpec[] };
  };
}

/** The engine's answer as JSON; undefined for 404. Everything else that is not well throws with the engine's own words. */
export async function ask<T>(call: EngineCall, purpose: { operation: string; subject: string; hint?: string }): Promise<T | undefined> {
  const answer = await poll(async () => ifLed(call, await answerTo(call)), { limit: untilLed, every: 1_000 });
  const { status, text } = answer ?? (await answerTo(call));
  if (status === 404) return undefined;
  if (status >= 200 && status < 300) return (text.trim() === "" ? {} : JSON.parse(text)) as T;
  let cause = text.trim();
  try {
    cause = (JSON.parse(text) as { message?: string }).message ?? cause;
  } catch {
    // Its words as they are.
  }
  throw new AplomoError({ ...purpose, ...(noLeader.test(cause) ? { hint: leaderHint } : {}), cause: cause.slice(0, 500) });
}

async function answerTo(call: EngineCall): Promise<{ status: number; text: string }> {
  const { status, body } = await callEngine(call).catch((error: unknown) => {
    if (error instanceof LateError && call.method === "GET") return { status: 504, body: Buffer.from(error.message) };
    throw error;
  });
  return { status, text: body.toString("utf8") };
}

/** Of a change nobody knows whether it was made, unless the swarm says that nobody could. */
function ifLed<T extends { status: number; text: string }>({ method }: EngineCall, answer: T): T | undefined {
  const waits = answer.status === 504 || noLeader.test(answer.text) || (method === "GET" && undecided.test(answer.text));
  return answer.status >= 500 && waits ? undefined : answer;
}

/** A swarm whose leader is lost agrees on another within some 20 s, when more than half of its managers are there. */
const untilLed = 60_000;
const noLeader = /does not have a leader/;
/** What a manager says whose leader has just gone. */
export const undecided = /code = DeadlineExceeded/;
const leaderHint = "More than half of the managers must be there: see `docker node ls` on each, and bring the lost ones back.";

export function findService(name: string): Promise<Service | undefined> {
  return ask<Service>(readService(name), { operation: "read", subject: `the service ${name}` });
}

export async function getService(name: string): Promise<Service> {
  const service = await findService(name);
  if (service) return service;
  throw new AplomoError({
    operation: "find",
    subject: `the service ${name}`,
    cause: "the swarm has no such service",
    hint: "`docker service ls` on a manager shows their names; set target.service.",
  });
}

/**
 * Without those that a lost node took along: the swarm means others in their place, nobody can say what they do, and they end when it is back.
 */
export async function tasksOf(name: string): Promise<Task[]> {
  // A service that is gone has no tasks.
  const tasks = (await ask<Task[]>(readTasks(name), { operation: "list", subject: `the tasks of ${name}` }).catch(forgiveAbsent)) ?? [];
  if (tasks.every(isMeant)) return tasks;
  const lost = new Set((await nodes()).flatMap(({ ID, Status }) => (Status.State === "down" ? [ID] : [])));
  return tasks.filter((task) => isMeant(task) || !lost.has(task.NodeID ?? ""));
}

/** The swarm wants it to run. */
export function isMeant(task: Pick<Task, "DesiredState">): boolean {
  return ["running", "ready", "accepted"].includes(task.DesiredState);
}

function forgiveAbsent(error: unknown): undefined {
  if (error instanceof AplomoError && /not found/i.test(error.message)) return undefined;
  throw error;
}

/** A service that Aplomo made goes, and its tasks with it, before anybody goes on. */
export async function dissolve(removal: EngineCall, tasks: EngineCall, purpose: { operation: string; subject: string }): Promise<void> {
  if ((await ask(removal, purpose)) === undefined) return;
  const left = async (): Promise<Task[]> => (await ask<Task[]>(tasks, purpose).catch(() => [])) ?? [];
  const gone = await poll(async () => (await left()).length === 0 || undefined, { limit: 30_000, every: 200 });
  if (!gone) throw new AplomoError({ ...purpose, cause: "its task runs on after it was removed", hint: "See `docker service ps`." });
}

/** Where each node is reached. A leader may say of itself that it is anywhere, or at its own loopback; as a manager it has an address. */
export async function nodeAddresses(): Promise<Map<string, string>> {
  return new Map(
    (await nodes()).flatMap(({ ID, Status, ManagerStatus }) => {
      const own = Status.Addr !== undefined && !/^(0\.0\.0\.0|127\..*|::1?)$/.test(Status.Addr) ? Status.Addr : undefined;
      const address = own ?? ManagerStatus?.Addr?.replace(/:\d+$/, "") ?? Status.Addr;
      return address ? [[ID, address] as const] : [];
    }),
  );
}

async function nodes(): Promise<{ ID: string; Status: { Addr?: string; State?: string }; ManagerStatus?: { Addr?: string } | null }[]> {
  return (await ask(readNodes(), { operation: "list", subject: "the nodes" })) ?? [];
}
