import { appPaths, type AppPaths } from "../deploy/paths.ts";
import { deploymentFolder, listDeployments, newestDeployment, summarise, type Summary } from "../deploy/deployments.ts";
import { journalFile, parseJournal } from "../deploy/journal.ts";
import { Remembered } from "../host/remembered.ts";
import type { Ledger } from "./incidents.ts";
import type { Look } from "./look.ts";
import { agentPaths, watchPaths, type WatchPaths } from "./paths.ts";
import { findApp, listApps, type Registered } from "./registry.ts";
import { readLedger, readLook } from "./watch.ts";

/** What the pages show, as it is on disk when they are asked for: nothing is kept that could be out of date. */
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
  const registered = /^[a-z][a-z0-9-]{0,39}$/.test(name) ? findApp(agentPaths(home), name) : undefined;
  return registered && view(home, registered);
}

export async function viewAll(home: string): Promise<AppView[]> {
  return Promise.all((await listApps(agentPaths(home))).map((registered) => view(home, registered)));
}

async function view(home: string, registered: Registered): Promise<AppView> {
  const watch = watchPaths(agentPaths(home), registered.app);
  const look = readLook(watch);
  const paths = appPaths(home, registered.app, look?.backups);
  return { registered, paths, watch, look, ledger: readLedger(watch), newest: await newestSummary(paths) };
}

async function newestSummary(paths: AppPaths): Promise<Summary | undefined> {
  const id = await newestDeployment(paths);
  return id === undefined ? undefined : summariseOne(paths, id);
}

/** Deployments, newest first, from one place on: only their own journals are read, however many there are. */
export async function listSummaries(paths: AppPaths, from: number, count: number): Promise<Summary[]> {
  const ids = (await listDeployments(paths)).slice(from, from + count);
  return ids.flatMap((id) => summariseOne(paths, id) ?? []);
}

/** A journal only grows. */
const journals = new Remembered((text) => summarise("", parseJournal(text)));

function summariseOne(paths: AppPaths, id: string): Summary | undefined {
  const found = journals.get(journalFile(deploymentFolder(paths, id)));
  return found && { ...found, id };
}
