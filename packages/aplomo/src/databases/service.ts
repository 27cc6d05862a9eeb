import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { AplomoError } from "../base/errors.ts";
import type { Config } from "../config/config.ts";
import type { Context } from "../host/context.ts";
import type { Command } from "../host/run.ts";

/** The running container of a compose service, or of a swarm's on this node, that a database is. */
export interface ServiceContainer {
  id: string;
  /** Its name, for people. */
  container: string;
  /** The environment it was made with. */
  env: ReadonlyMap<string, string>;
  /** Where this machine reaches it without the engine's help, when it is sure to be this very container. */
  address: string | null;
}

export async function findService(ctx: Context, config: Config, name: string, service: string): Promise<ServiceContainer> {
  const { app, target } = config.settings;
  const project = (target.kind === "compose" ? target.project : undefined) ?? app;
  const isTask = target.kind === "swarm";
  const found = await ctx.host.run(findContainer(isTask ? taskOf(service) : containerOf(project, service)), ctx.signal);
  const [id, container] = (found.stdout.split("\n")[0] ?? "").split(" ");
  if (!id || !container) {
    throw new AplomoError({
      operation: "reach the database",
      subject: name,
      ...(isTask
        ? {
            cause: `no task of service ${service} is running on this node`,
            hint: `See where it is: docker service ps ${service}. One on another node is reached by url.`,
          }
        : {
            cause: `no container of service ${service} in compose project ${project} is running`,
            hint: `Start it (docker compose up -d ${service}), or set target.project when the project has another name.`,
          }),
    });
  }
  const made = JSON.parse((await ctx.host.run(describeContainer(id), ctx.signal)).stdout) as Described;
  return { id, container, env: new Map((made.env ?? []).map((entry) => split(entry))), address: await addressOf(id, made) };
}

interface Described {
  /** NAME=value */
  env: string[] | null;
  /** 0 when it does not run. */
  pid: number;
  networks: Record<string, { IPAddress?: string; Gateway?: string } | null> | null;
}

/**
 * Its address in a network whose gateway this machine is. The engine may be another machine's, which has networks and addresses that
 * look the same: the container's process must be one of this machine's.
 */
async function addressOf(id: string, { pid, networks }: Described): Promise<string | null> {
  const groups = await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "");
  if (!groups.includes(id)) return null;
  const own = new Set(Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address)));
  const reached = Object.values(networks ?? {}).find((network) => network?.IPAddress && network.Gateway && own.has(network.Gateway));
  return reached?.IPAddress ?? null;
}

const containerOf = (project: string, service: string): Record<string, string> => ({
  "compose.project": project,
  "compose.service": service,
  "compose.oneoff": "False",
});
const taskOf = (service: string): Record<string, string> => ({ "swarm.service.name": service });

/** The running containers with these labels, newest first, as `id name`. */
function findContainer(labels: Record<string, string>): Command {
  const filters = Object.entries(labels).flatMap(([name, value]) => ["--filter", `label=com.docker.${name}=${value}`]);
  return { argv: ["docker", "ps", "--no-trunc", ...filters, "--format", "{{.ID}} {{.Names}}"], timeout: 30_000 };
}

function describeContainer(id: string): Command {
  const format = '{"env":{{json .Config.Env}},"pid":{{.State.Pid}},"networks":{{json .NetworkSettings.Networks}}}';
  return { argv: ["docker", "inspect", "--format", format, id], timeout: 30_000 };
}

function split(entry: string): [string, string] {
  const at = entry.indexOf("=");
  return [entry.slice(0, at), entry.slice(at + 1)];
}
