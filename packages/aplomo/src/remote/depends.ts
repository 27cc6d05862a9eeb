import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readScheduled } from "../backup/schedule.ts";
import { appPaths } from "../deploy/paths.ts";
import type { Context } from "../host/context.ts";
import { lockHolder } from "../host/lock.ts";

/** What of a server's applications would miss the program, or the agent. */
export interface Depends {
  /** `deploy of agenda`. */
  running: string[];
  /** Applications whose backups are made by it. */
  scheduled: string[];
  /** Those of them that the agent backs up. */
  byAgent: string[];
}

export async function whatDepends({ home }: Context): Promise<Depends> {
  const apps = await readdir(join(home, "apps")).catch(() => [] as string[]);
  const found: Depends = { running: [], scheduled: [], byAgent: [] };
  for (const app of apps) {
    const { root, lock } = appPaths(home, app);
    const holder = await lockHolder(lock);
    if (holder) found.running.push(`${holder.operation} of ${app}`);
    const scheduled = await readScheduled(root);
    if (scheduled) found.scheduled.push(app);
    if (scheduled?.by === "agent") found.byAgent.push(app);
  }
  return found;
}
