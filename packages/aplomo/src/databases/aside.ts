import { randomBytes } from "node:crypto";
import { statfs } from "node:fs/promises";
import { reason } from "../base/errors.ts";
import { Secret } from "../base/secret.ts";
import { poll } from "../base/time.ts";
import type { Config } from "../config/config.ts";
import type { DatabaseSettings } from "../config/schema.ts";
import type { Context } from "../host/context.ts";
import type { Aside, Database } from "./contract.ts";

/** What a container of the server's own image is started with. */
export interface AsidePlan {
  /** The container the database itself is in. */
  container: string;
  /** Variables that get a password nobody else ever sees. */
  passwords: readonly string[];
  variables: Record<string, string>;
  command: readonly string[];
  /** Where the server keeps its data. */
  data: string;
  settings: Partial<DatabaseSettings>;
  /** The live database's name. */
  live: string;
  /** Makes the database of that name, like which scratch ones are made; fails while the server is not up, and is then called again. */
  prepare(config: Config): Promise<void>;
}

/** Milliseconds an image may take for its first start. */
const patience = 120_000;
const label = "aplomo.aside";

/** Of a database's size on its server: as much again, its log, and an empty server. */
export function spaceFor(bytes: number): number {
  return bytes * 1.5 + 256 * 1024 * 1024;
}

/** Why a server that is at hand will not do. */
export const lacks = (extensions: readonly string[]): string => `the server at hand does not have: ${extensions.join(", ")}`;

/** Why there is not enough room in a folder; undefined when there is, or nobody can tell. */
export async function whyNoRoom(folder: string, bytes: number): Promise<string | undefined> {
  const found = await statfs(folder).catch(() => undefined);
  if (!found || found.bavail * found.bsize >= spaceFor(bytes)) return undefined;
  const mb = (count: number): number => Math.round(count / 1_000_000);
  return `it takes about ${mb(spaceFor(bytes))} MB, and ${folder} has ${mb(found.bavail * found.bsize)} MB free`;
}

/**
 * A server of our own in a container of the image that the database itself runs: without a network, without flushing, gone with its
 * data when it is ended. It is found like any compose service, by labels. Why not, when it cannot be had.
 */
export async function startAside(
  ctx: Context,
  config: Config,
  name: string,
  bytes: number,
  plan: AsidePlan,
  open: (ctx: Context, config: Config, name: string) => Database,
): Promise<Aside | string> {
  const docker = (...args: string[]): Promise<string> =>
    ctx.host.run({ argv: ["docker", ...args], timeout: 60_000 }, ctx.signal).then(({ stdout }) => stdout.trim());
  const owner = `${label}=${config.settings.app}/${name}`;
  const left = (await docker("ps", "--all", "--quiet", "--filter", `label=${owner}`)).split("\n").filter(Boolean);
  // A container of ours and its anonymous volume: nothing else has this label.
  for (const id of left) await ctx.host.attempt({ argv: ["docker", "rm", "--force", "--volumes", id], timeout: 60_000 }, ctx.signal);
  const image = await docker("inspect", "--format", "{{.Image}}", plan.container);
  const full = await whyNoRoom(await docker("info", "--format", "{{.DockerRootDir}}"), bytes);
  if (full !== undefined) return full;
  const project = `aplomo-aside-${randomBytes(5).toString("hex")}`;
  const password = new Secret(randomBytes(18).toString("hex"));
  const env = { ...plan.variables, ...Object.fromEntries(plan.passwords.map((variable) => [variable, password])) };
  const labels = [owner, `com.docker.compose.project=${project}`, "com.docker.compose.service=db", "com.docker.compose.oneoff=False"];
  const flags = [...labels.flatMap((text) => ["--label", text]), ...Object.keys(env).flatMap((variable) => ["--env", variable])];
  const argv = ["docker", "run", "--detach", "--rm", "--name", project, "--network", "none", ...flags, image, ...plan.command] as const;
  const started = await ctx.host.attempt({ argv: [...argv] as [string, ...string[]], env, timeout: 120_000 }, ctx.signal);
  if (started.code !== 0) return `its image does not start: ${started.stderr.trim().split("\n").at(-1)}`;
  const close = async (): Promise<void> => {
    const by = ctx.signal.aborted ? AbortSignal.timeout(60_000) : ctx.signal;
    await ctx.host.attempt({ argv: ["docker", "rm", "--force", "--volumes", project], timeout: 60_000 }, by);
  };
  const settings = (own: Partial<DatabaseSettings>): Config => {
    const databases = { [name]: { ...config.settings.databases[name], url: undefined, service: "db", ...own } };
    return {
      ...config,
      settings: { ...config.settings, target: { kind: "compose", project }, databases } as unknown as Config["settings"],
    };
  };
  try {
    let said: unknown;
    const first = settings(plan.settings);
    const up = await poll(
      async () => {
        try {
          await plan.prepare(first);
          return true;
        } catch (error) {
          said = error;
          return undefined;
        }
      },
      { limit: patience, every: 500, signal: ctx.signal },
    );
    if (!up) {
      await close();
      return `a container of its image did not come up: ${reason(said)}`;
    }
    const database = open(ctx, settings({ ...plan.settings, name: plan.live }), name);
    const use = async (): Promise<number> => Number.parseInt(await docker("exec", project, "du", "-sk", plan.data), 10) * 1024;
    return { database, where: `container ${project}`, usedBytes: use, close };
  } catch (error) {
    await close();
    throw error;
  }
}
