import { AplomoError } from "../base/errors.ts";
import type { Config } from "../config/config.ts";
import type { Context } from "../host/context.ts";
import type { Command } from "../host/run.ts";

/** The running container of a compose service that a database is. */
export interface ServiceContainer {
  id: string;
  /** Its name, for people. */
  container: string;
  /** The environment it was made with. */
  env: ReadonlyMap<string, string>;
}

export async function findService(ctx: Context, config: Config, name: string, service: string): Promise<ServiceContainer> {
  const { app, target } = config.settings;
  const project = (target.kind === "compose" ? target.project : undefined) ?? app;
  const found = await ctx.host.run(findContainer(project, service), ctx.signal);
  const [id, container] = (found.stdout.split("\n")[0] ?? "").split(" ");
  if (!id || !container) {
    throw new AplomoError({
      operation: "reach the database",
      subject: name,
      cause: `no container of service ${service} in compose project ${project} is running`,
      hint: `Start it (docker compose up -d ${service}), or set target.project when the project has another name.`,
    });
  }
  const made = await ctx.host.run(containerEnvironment(id), ctx.signal);
  return { id, container, env: new Map(((JSON.parse(made.stdout) as string[] | null) ?? []).map((entry) => split(entry))) };
}

/** The running containers of a compose service, newest first, as `id name`. */
function findContainer(project: string, service: string): Command {
  const labels = { project, service, oneoff: "False" };
  const filters = Object.entries(labels).flatMap(([name, value]) => ["--filter", `label=com.docker.compose.${name}=${value}`]);
  return { argv: ["docker", "ps", "--no-trunc", ...filters, "--format", "{{.ID}} {{.Names}}"], timeout: 30_000 };
}

/** The environment a container was made with, as a JSON list of NAME=value. */
function containerEnvironment(id: string): Command {
  return { argv: ["docker", "inspect", "--format", "{{json .Config.Env}}", id], timeout: 30_000 };
}

function split(entry: string): [string, string] {
  const at = entry.indexOf("=");
  return [entry.slice(0, at), entry.slice(at + 1)];
}
