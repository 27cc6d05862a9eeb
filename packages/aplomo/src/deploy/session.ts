import { resolve } from "node:path";
import type { Config } from "../config/config.ts";
import type { Database } from "../databases/contract.ts";
import { openDatabase } from "../databases/index.ts";
import type { Context } from "../host/context.ts";
import type { Edge } from "../edges/contract.ts";
import type { Target } from "../targets/contract.ts";
import { openTarget } from "../targets/index.ts";
import { edgeOf } from "./edge.ts";
import { appPaths, type AppPaths } from "./paths.ts";

/** One application with its drivers opened. */
export interface Session {
  ctx: Context;
  config: Config;
  paths: AppPaths;
  target: Target;
  edge: Edge;
  databases: Database[];
}

/** Of the targets only the one the application needs is loaded. */
export async function openSession(ctx: Context, config: Config): Promise<Session> {
  const { settings } = config;
  const backups = settings.backups.directory === undefined ? undefined : resolve(config.directory, settings.backups.directory);
  return {
    ctx,
    config,
    paths: appPaths(ctx.home, settings.app, backups),
    target: await openTarget(ctx, config),
    edge: edgeOf(ctx, config),
    databases: openDatabases(ctx, config),
  };
}

/** The databases of aplomo.yml, heeding the signal of this context. */
export function openDatabases(ctx: Context, config: Config): Database[] {
  return Object.keys(config.settings.databases).map((name) => openDatabase(ctx, config, name));
}
