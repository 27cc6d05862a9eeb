import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../base/errors.ts";
import { makePrivateFolder, writeFileSafely } from "../host/files.ts";
import { Remembered } from "../host/remembered.ts";
import type { Job } from "./jobs.ts";
import type { AgentPaths } from "./paths.ts";

/** An application the agent looks after. */
export interface Registered {
  version: 1;
  app: string;
  /** Its aplomo.yml, absolute. */
  config: string;
  /** From then on runs are expected, ISO 8601. */
  addedAt: string;
  /** As aplomo.yml had them when it was last read. */
  jobs: Job[];
}

const fileOf = (paths: AgentPaths, app: string): string => join(paths.apps, `${app}.json`);

export async function addApp(paths: AgentPaths, app: Omit<Registered, "version" | "addedAt">, now: Date): Promise<Registered> {
  const known = findApp(paths, app.app);
  // Added again it keeps its day: nothing that was missed is forgotten.
  const added: Registered = { version: 1, ...app, addedAt: known?.addedAt ?? now.toISOString() };
  await makePrivateFolder(paths.apps);
  await writeFileSafely(fileOf(paths, app.app), `${JSON.stringify(added, null, 2)}\n`);
  return added;
}

export async function removeApp(paths: AgentPaths, app: string): Promise<void> {
  if (findApp(paths, app) === undefined) {
    const known = (await listApps(paths)).map((one) => one.app).join(", ");
    throw new UsageError({
      operation: "remove",
      subject: app,
      cause: "the agent does not look after it",
      hint: `It looks after: ${known || "nothing"}.`,
    });
  }
  await rm(fileOf(paths, app));
}

const registered = new Remembered((text) => JSON.parse(text) as Registered);

export function findApp(paths: AgentPaths, app: string): Registered | undefined {
  return registered.get(fileOf(paths, app));
}

/** All of them, by name. */
export async function listApps(paths: AgentPaths): Promise<Registered[]> {
  const names = await readdir(paths.apps).catch(() => [] as string[]);
  const found = names.filter((name) => /^[a-z].*\.json$/.test(name)).flatMap((name) => findApp(paths, name.slice(0, -5)) ?? []);
  return found.toSorted((a, b) => a.app.localeCompare(b.app));
}
