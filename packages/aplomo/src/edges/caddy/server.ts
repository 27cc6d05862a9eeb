import { join } from "node:path";
import { AplomoError, LockedError } from "../../base/errors.ts";
import { poll } from "../../base/time.ts";
import type { Context } from "../../host/context.ts";
import { makePrivateFolder, writeFileSafely } from "../../host/files.ts";
import { takeLock } from "../../host/lock.ts";
import type { EdgeFacts, Site } from "../contract.ts";
import { agreeOnPorts, type Ports } from "../ports.ts";
import { openRunner, type RunBy } from "../run/runner.ts";
import { openAdmin, type Admin } from "./admin.ts";
import { caddyConfig, type CaddyConfig, type CaddyFolder } from "./config.ts";
import { readPointer } from "./pointer.ts";

/** From this version on it tells how many requests are under way to an address that a file named. */
const oldest = [2, 11, 2] as const;

/** What all applications of a server share. */
export interface CaddyServer {
  admin: Admin;
  running(): Promise<boolean>;
  version(): Promise<Pick<EdgeFacts, "version" | "refusals">>;
  /** It runs with exactly these sites; false when it did already. */
  bring(sites: readonly Site[]): Promise<boolean>;
  stop(): Promise<void>;
  /** One Aplomo at a time changes what is shared. */
  alone<T>(act: () => Promise<T>): Promise<T>;
}

export function openServer(ctx: Context, folder: CaddyFolder, options: { run: RunBy; ports: Ports }): CaddyServer {
  const { run, ports } = options;
  const args = ["run", "--config", folder.config];
  const env = { HOME: folder.path, XDG_CONFIG_HOME: folder.path, XDG_DATA_HOME: join(folder.path, "data") };
  const runner = openRunner(ctx, { name: "aplomo-edge-caddy", folder: folder.path, args, env, ports: [ports.http, ports.https] }, run);
  const admin = openAdmin(folder);
  const { signal } = ctx;

  // A second one would take the first one's socket away before it finds the port taken.
  const running = async (): Promise<boolean> => (await runner.running()) || (await admin.answers());
  const write = (config: CaddyConfig): Promise<void> => writeFileSafely(folder.config, `${JSON.stringify(config, null, 1)}\n`);

  async function start(config: CaddyConfig): Promise<void> {
    await write(config);
    await runner.start();
    if (await poll(async () => ((await admin.answers()) ? true : undefined), { limit: 15_000, signal })) return;
    const said = await runner.said(5);
    await runner.stop();
    const hint = `See who listens on the ports ${ports.http} and ${ports.https}: ss -tlnp.`;
    throw new AplomoError({ operation: "start", subject: "Caddy", cause: said || "it did not answer within 15 s", hint });
  }

  /** Loading a configuration ends the waiting of held requests, so it waits for the end of every hold. */
  async function load(config: CaddyConfig, sites: readonly Site[]): Promise<void> {
    const free = async (): Promise<true | undefined> => {
      const pointers = await Promise.all(sites.map(({ app }) => readPointer(folder, app)));
      return pointers.some((pointer) => pointer?.holding) ? undefined : true;
    };
    if (!(await poll(free, { limit: 60_000, signal }))) {
      const hint = "Try again when its deployment has ended.";
      throw new AplomoError({ operation: "change", subject: "Caddy's sites", cause: "an application holds its requests", hint });
    }
    await admin.load(config);
    await write(config);
  }

  return {
    admin,
    running,
    stop: () => runner.stop(),
    async version() {
      // Starting a container to ask its version would pull its image: it is asked once it runs.
      if (run.image !== undefined && !(await runner.running())) return { version: null, refusals: [] };
      const { stdout } = await ctx.host.attempt({ ...runner.command(["version"]), timeout: 20_000 });
      const found = /v(\d+)\.(\d+)\.(\d+)/.exec(stdout);
      if (!found) {
        const hint = "Install it (caddyserver.com/docs/install), or name an image: `edge: { kind: caddy, image: caddy:2.11 }`.";
        return { version: null, refusals: [{ message: `Caddy does not run: ${run.program}`, hint }] };
      }
      const version = `caddy ${found[0].slice(1)}`;
      const hint = `Aplomo needs ${oldest.join(".")} or later, which tells when requests have ended.`;
      return { version, refusals: older(found.slice(1).map(Number)) ? [{ message: `${version} is too old`, hint }] : [] };
    },
    async bring(sites) {
      await makePrivateFolder(folder.path);
      await agreeOnPorts(folder.path, ports);
      const config = caddyConfig(folder, ports, sites);
      if (!(await running())) await start(config);
      else if (sorted(await admin.config()) === sorted(config)) return false;
      else await load(config, sites);
      return true;
    },
    async alone(act) {
      const take = () => takeLock(join(folder.path, "lock"), "edge");
      const taken = await poll(
        () =>
          take().catch((error: unknown) => {
            if (error instanceof LockedError) return undefined;
            throw error;
          }),
        { limit: 120_000, signal },
      );
      const lock = taken ?? (await take());
      try {
        return await act();
      } finally {
        await lock.release();
      }
    },
  };
}

/** Caddy gives its configuration back with keys in another order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

function older(version: readonly number[]): boolean {
  const first = version.findIndex((number, index) => number !== oldest[index]);
  return first >= 0 && (version[first] ?? 0) < (oldest[first] ?? 0);
}
