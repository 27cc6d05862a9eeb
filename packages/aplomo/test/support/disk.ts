import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A small disk of its own, in memory, with room for so many files when `files` is given; undefined where none may be mounted. */
export async function smallDisk(megabytes: number, files?: number): Promise<{ folder: string; close(): Promise<void> } | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "aplomo-disk-"));
  try {
    await run("mount", [
      "-t",
      "tmpfs",
      "-o",
      `size=${megabytes}m,mode=0700${files === undefined ? "" : `,nr_inodes=${files}`}`,
      "none",
      folder,
    ]);
  } catch {
    await rm(folder, { recursive: true });
    return undefined;
  }
  return {
    folder,
    async close() {
      await run("umount", [folder]);
      await rm(folder, { recursive: true });
    },
  };
}
