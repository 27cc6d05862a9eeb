import { rename } from "node:fs/promises";
import { join } from "node:path";
import { flushFolder, writeFileSafely } from "../host/files.ts";
import type { Manifest } from "./manifest.ts";
import { checksumName, manifestName } from "./names.ts";
import type { Workplace } from "./work.ts";

/**
 * Gives a backup whose bytes lie as `dump` in its workplace, flushed, its names. The manifest comes last: until it stands there, the
 * rest counts for nothing.
 */
export async function publish(folder: string, work: Workplace, manifest: Manifest): Promise<void> {
  await writeFileSafely(join(work.folder, "sum"), `${manifest.sha256}  ${manifest.file}\n`);
  await writeFileSafely(join(work.folder, "manifest"), manifestText(manifest));
  await rename(join(work.folder, "dump"), join(folder, manifest.file));
  await rename(join(work.folder, "sum"), join(folder, checksumName(manifest.file)));
  await flushFolder(folder);
  await rename(join(work.folder, "manifest"), join(folder, manifestName(manifest.id)));
  await flushFolder(folder);
}

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
