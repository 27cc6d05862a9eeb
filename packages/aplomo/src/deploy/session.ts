import { resolve } from "node:path";
import type { Config } from "../config/config.ts";
import type { Database } from "../databases/contract.ts";
import { loadDatabases } from "../databases/load.ts";
import type { Context } from "../host/context.ts";
import type { Edge } from "../edges/contract.ts";
import type { Target } from "../targets/contract.ts";
import { openTarget } from "../targets/index.ts";
import { loadEdge } from "./edge.ts";
import { appPaths, type AppPaths } from "./paths.ts";

/** One application with its drivers opened. */
export interface Session {
  ctx: Context;
  config: Config;
  paths: AppPaths;
  target: Target;
  edge: Edge;
  databases: Database[];
  /** Opens them anew, heeding another signal. */
  openers: Openers;
}

export interface Openers {
  edge(ctx: Context): Edge;
  databases(ctx: Context): Database[];
}

/** Of targets, edges and databases only the drivers the application needs are loaded. */
export async function openSession(ctx: Context, config: Config): Promise<Session> {
  const { settings } = config;
  const backups = settings.backups.directory === undefined ? undefined : resolve(config.directory, settings.backups.directory);
  const openers: Openers = { edge: await loadEdge(config), databases: await loadDatabases(config) };
  return {
    ctx,
    config,
    paths: appPaths(ctx.home, settings.app, backups),
    target: await openTarget(ctx, config),
    edge: openers.edge(ctx),
    databases: openers.databases(ctx),
    openers,
  };
}
