import { request, type RequestOptions } from "node:http";
import { AplomoError } from "../base/errors.ts";
import type { Secret } from "../base/secret.ts";

/**
 * Calls of the container engine's own interface, as data: for what its command line would need values in arguments for. As with
 * `docker.ts` a test over all of them proves that none can destroy data: the only things ever removed are services that Aplomo made, its
 * jobs, its holders and its releases beside a service, known by their names alone.
 */
export interface EngineCall {
  method: "GET" | "POST" | "DELETE";
  /** With its query. */
  path: string;
  body?: unknown;
  /** For the registry that the engine is to ask: see `login.ts`. */
  login?: Secret;
  /** Milliseconds; default 30 s, since a swarm's manager gives up after 20 s itself and then says why. */
  timeout?: number;
}

const at = (path: string, query: Record<string, string> = {}): string => {
  const text = new URLSearchParams(query).toString();
  return `/v1.41${path}${text === "" ? "" : `?${text}`}`;
};
const named = (name: string): string => encodeURIComponent(name);

/** Of a swarm's manager whose leader is lost it takes the engine a while. */
export const engineInfo = (): EngineCall => ({ method: "GET", path: at("/info"), timeout: 60_000 });
export const readService = (name: string): EngineCall => ({ method: "GET", path: at(`/services/${named(name)}`) });
export const readServices = (): EngineCall => ({ method: "GET", path: at("/services") });
export const readNodes = (): EngineCall => ({ method: "GET", path: at("/nodes") });
export const readTasks = (service: string): EngineCall => ({
  method: "GET",
  path: at("/tasks", { filters: JSON.stringify({ service: [service] }) }),
});
/** Of this engine: one on another node is not known to it. */
export const readContainer = (id: string): EngineCall => ({ method: "GET", path: at(`/containers/${named(id)}/json`) });
/** What a container uses at this moment. */
export const readUsage = (container: string): EngineCall => ({
  method: "GET",
  path: at(`/containers/${named(container)}/stats`, { stream: "false", "one-shot": "true" }),
});
/** The registry is asked by the engine. */
export const readDistribution = (image: string): EngineCall => ({
  method: "GET",
  path: at(`/distribution/${image}/json`),
  timeout: 60_000,
});

/** `version`: of the service as it was read, so that two who change it at once cannot both believe they did. */
export function updateService(id: string, version: number, spec: object): EngineCall {
  return { method: "POST", path: at(`/services/${named(id)}/update`, { version: String(version), registryAuthFrom: "spec" }), body: spec };
}

export const readNetwork = (name: string): EngineCall => ({ method: "GET", path: at(`/networks/${named(name)}`) });

/** On each service that Aplomo made: the one it stands beside. */
export const besideLabel = "aplomo.beside";
/** A release's own service, beside the one that is the user's. */
export const besideName = (service: string, release: string): string => `${service}-aplomo-${release}`;
export const readBeside = (service: string): EngineCall => ({
  method: "GET",
  path: at("/services", { filters: JSON.stringify({ label: [`${besideLabel}=${service}`] }) }),
});

export function createBeside(service: string, release: string, spec: object): EngineCall {
  return { method: "POST", path: at("/services/create"), body: { ...spec, Name: besideName(service, release) } };
}

export function removeBeside(service: string, release: string): EngineCall {
  return { method: "DELETE", path: at(`/services/${named(besideName(service, release))}`) };
}

const jobs = "aplomo-job-";

export function createJob(name: string, spec: object): EngineCall {
  return { method: "POST", path: at("/services/create"), body: { ...spec, Name: jobs + name } };
}

export const readJobTasks = (name: string): EngineCall => readTasks(jobs + name);
export const removeJob = (name: string): EngineCall => ({ method: "DELETE", path: at(`/services/${named(jobs + name)}`) });

/** What holds secrets and configs for a rehearsal: on each the rehearsal's project. */
const holderLabel = "aplomo.holder";
const holders = "aplomo-holder-";

export function createHolder(project: string, name: string, spec: object): EngineCall {
  return { method: "POST", path: at("/services/create"), body: { ...spec, Name: holders + name, Labels: { [holderLabel]: project } } };
}

export const readHolders = (project: string): EngineCall => ({
  method: "GET",
  path: at("/services", { filters: JSON.stringify({ label: [`${holderLabel}=${project}`] }) }),
});
export const readHolderTasks = (name: string): EngineCall => readTasks(holders + name);
export const removeHolder = (name: string): EngineCall => ({ method: "DELETE", path: at(`/services/${named(holders + name)}`) });
export const holderOf = (service: string): string => service.slice(holders.length);

export function readTaskLogs(task: string, tail: number): EngineCall {
  return { method: "GET", path: at(`/tasks/${named(task)}/logs`, { stdout: "1", stderr: "1", timestamps: "1", tail: String(tail) }) };
}

export interface EngineAnswer {
  status: number;
  body: Buffer;
}

/** It is there, and said nothing in time: what it was asked for may have been done. */
export class LateError extends AplomoError {
  constructor(what: { operation: string; subject: string }, timeout: number) {
    const hint = "See what keeps it busy; of a swarm, whether `docker node ls` answers.";
    super({ ...what, cause: `it has not answered within ${timeout / 1_000} s`, hint });
  }
}

/** One call on a connection of its own, to the engine that `docker` would speak to. Throws when it is not reached. */
export function callEngine(call: EngineCall, dockerHost: string | undefined = process.env["DOCKER_HOST"]): Promise<EngineAnswer> {
  const { method, path, body, login, timeout = 30_000 } = call;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...(text === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
    ...(login === undefined ? {} : { "x-registry-auth": login.reveal() }),
  };
  return new Promise((resolve, reject) => {
    const options = {
      ...door(dockerHost),
      method,
      path,
      agent: false,
      headers: { host: "engine", ...headers },
      signal: AbortSignal.timeout(timeout),
    };
    const asked = request(options as RequestOptions, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("error", fail).on("end", () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts) }));
    });
    function fail(error: Error): void {
      const what = { operation: "reach", subject: "the container engine" };
      if (error.name === "AbortError" || error.name === "TimeoutError") return reject(new LateError(what, timeout));
      reject(new AplomoError({ ...what, cause: error, hint: "Start the engine: systemctl start docker; or set DOCKER_HOST." }));
    }
    asked.on("error", fail);
    asked.end(text);
  });
}

function door(dockerHost: string | undefined): Pick<RequestOptions, "socketPath" | "host" | "port"> {
  if (dockerHost === undefined || dockerHost === "") return { socketPath: "/var/run/docker.sock" };
  if (dockerHost.startsWith("unix://")) return { socketPath: dockerHost.slice("unix://".length) };
  if (dockerHost.startsWith("tcp://") && !process.env["DOCKER_TLS_VERIFY"]) {
    const { hostname, port } = new URL(dockerHost);
    return { host: hostname, port: Number(port) || 2_375 };
  }
  throw new AplomoError({
    operation: "reach",
    subject: dockerHost.replace(/\/\/[^@]*@/, "//"),
    cause: "a Swarm is changed from one of its managers",
    hint: "Run Aplomo on a manager, with DOCKER_HOST unset.",
  });
}
