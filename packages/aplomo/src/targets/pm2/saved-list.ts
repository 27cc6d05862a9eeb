import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readIfPresent } from "../../host/files.ts";
import type { Pm2Process } from "./process-list.ts";

/**
 * Names of other applications in the saved list that no process has now: after a crash of the daemon, saving would make PM2
 * forget them.
 */
export async function lostBySaving(home: string, app: string, present: Pm2Process[]): Promise<string[]> {
  const text = await readIfPresent(join(home, "dump.pm2"));
  if (text === undefined) return [];
  let saved: { name?: string; env?: Record<string, unknown> }[];
  try {
    saved = JSON.parse(text) as typeof saved;
  } catch {
    return [];
  }
  const names = new Set(present.map(({ name }) => name));
  const others = saved.filter(({ name, env }) => name !== app && env?.["APLOMO_RELEASE"] === undefined).map(({ name }) => name ?? "");
  return [...new Set(others)].filter((name) => !names.has(name));
}

/** PM2 writes the saved list, environments and all, for everybody to read; the mode of a file that exists stays. */
export async function protectSaved(home: string): Promise<void> {
  for (const name of ["dump.pm2", "dump.pm2.bak"]) {
    const file = join(home, name);
    await writeFile(file, "[]", { flag: "wx", mode: 0o600 }).catch(ignoreExisting);
    await chmod(file, 0o600);
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
