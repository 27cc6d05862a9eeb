import { stat, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Session } from "../../deploy/session.ts";
import type { Part } from "../look.ts";
import type { Sample } from "../sample.ts";
import type { Signal } from "../signal.ts";

/** Free below this part of a disk is too little, unless it is plenty all the same. */
const little = 0.05;
const plenty = 20e9;

/** The disks of releases, backups and database files; each once. */
export async function lookAtDisks({ ctx, config, paths }: Session): Promise<Part> {
  const files = Object.values(config.settings.databases).flatMap(({ file }) => (file === undefined ? [] : [file]));
  const folders = [ctx.home, paths.backups, ...files.map((file) => dirname(resolve(config.directory, file)))];
  const disks = new Map<number, Sample["disks"][number]>();
  for (const folder of folders) {
    const found = await stat(folder).catch(() => undefined);
    if (!found || disks.has(found.dev)) continue;
    const { bavail, bsize, blocks, ffree } = await statfs(folder);
    disks.set(found.dev, { path: folder, free: bavail * bsize, total: blocks * bsize, inodesFree: ffree });
  }
  return { disks: [...disks.values()], signals: [...disks.values()].filter(isShort).map(short) };
}

function isShort({ free, total }: Sample["disks"][number]): boolean {
  return total > 0 && free < little * total && free < plenty;
}

function short({ path, free, total }: Sample["disks"][number]): Signal {
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  return {
    key: `disk:${path}`,
    level: free < total / 100 ? "error" : "warning",
    subject: path,
    message: `${gigabytes(free)} of ${gigabytes(total)} are free`,
    next: "See what takes it: `du -xh --max-depth=2 / | sort -h | tail`, `docker system df`. `aplomo backup prune` removes what retention does not keep.",
    evidence: [],
  };
}
