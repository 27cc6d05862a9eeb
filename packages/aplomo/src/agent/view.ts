import { appPaths, type AppPaths } from "../deploy/paths.ts";
import { deploymentFolder, listDeployments, summarise, type Summary } from "../deploy/deployments.ts";
import { readJournal } from "../deploy/journal.ts";
import type { Ledger } from "./incidents.ts";
import type { Look } from "./look.ts";
import { agentPaths, watchPaths, type WatchPaths } from "./paths.ts";
import { findApp, listApps, type Registered } from "./registry.ts";
import { readLedger, readLook } from "./watch.ts";

/** What the pages show, read from disk when they are asked for: nothing is kept that could be out of date. */
export interface AppView {
  registered: Registered;
  paths: AppPaths;
  watch: WatchPaths;
  look: Look | undefined;
  ledger: Ledger;
  newest: Summary | undefined;
}

/** Undefined: the agent does not look after one of this name. */
export async function viewApp(home: string, name: string): Promise<AppView | undefined> {
  const registered = /^[a-z][a-z0-9-]{0,39}$/.test(name) ? await findApp(agentPaths(home), name) : undefined;
  return registered && view(home, registered);
}

export async function viewAll(home: string): Promise<AppView[]> {
  return Promise.all((await listApps(agentPaths(home))).map((registered) => view(home, registered)));
}

async function view(home: string, registered: Registered): Promise<AppView> {
  const watch = watchPaths(agentPaths(home), registered.app);
  const look = await readLook(watch);
  const paths = appPaths(home, registered.app, look?.backups);
  const [ledger, [newest]] = await Promise.all([readLedger(watch), listSummaries(paths, 0, 1)]);
  return { registered, paths, watch, look, ledger, newest };
}

/** Deployments, newest first, from one place on: only their own journals are read, however many there are. */
export async function listSummaries(paths: AppPaths, from: number, count: number): Promise<Summary[]> {
  const ids = (await listDeployments(paths)).slice(from, from + count);
  return ids.flatMap((id) => summarise(id, readJournal(deploymentFolder(paths, id))) ?? []);
}
