import { readdir, readFile, readlink, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const kept = 4;

/** Removes programs of earlier versions: neither the current one nor one that runs, and only beyond the newest few. */
export async function tidyPrograms(folder: string, keep: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith("aplomo-"));
  const current = await readlink(join(folder, "current")).catch(() => "");
  const aged = await Promise.all(names.map(async (name) => ({ name, since: (await stat(join(folder, name))).mtimeMs })));
  const running = await commandLines();
  const old = aged
    .toSorted((a, b) => b.since - a.since)
    .slice(kept)
    .map(({ name }) => name)
    .filter((name) => name !== keep && name !== current && !running.some((line) => line.includes(name)));
  for (const name of old) await rm(join(folder, name), { recursive: true, force: true });
  return old;
}

async function commandLines(): Promise<string[]> {
  const ids = (await readdir("/proc").catch(() => [] as string[])).filter((name) => /^\d+$/.test(name));
  return Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
}
