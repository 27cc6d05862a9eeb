import type { Config } from "../config/config.ts";
import type { Context } from "../host/context.ts";
import type { Target } from "./contract.ts";

type Open = (ctx: Context, config: Config) => Target;

/** Every kind of target there is; only the one that is used is loaded. */
const kinds: Record<Config["settings"]["target"]["kind"], () => Promise<Open>> = {
  compose: async () => (await import("./compose/compose.ts")).openCompose,
  swarm: async () => (await import("./swarm/swarm.ts")).openSwarm,
  pm2: async () => (await import("./pm2/pm2.ts")).openPm2,
};

/** The driver of what runs this application. Nothing is asked or touched yet. */
export async function openTarget(ctx: Context, config: Config): Promise<Target> {
  const open = await kinds[config.settings.target.kind]();
  return open(ctx, config);
}
