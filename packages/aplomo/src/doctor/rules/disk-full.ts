import type { Found, Rule } from "../rule.ts";
import { cut, voicesOf } from "../voices.ts";

const said =
  /ENOSPC|No space left on device|could not (?:extend|write to) file .*space|database or disk is full|disk (?:quota|is) (?:exceeded|full)/i;

/** Of bytes or of files: below it is full, below five times of it it soon will be. */
export const full = 0.02;
/** Bytes: a big disk has enough left at two per cent. */
const plenty = 20e9;

export const diskFull: Rule = {
  id: "disk-full",
  title: "the disk is full",
  why: "Images, logs without a limit and backups grow until nothing can be written: databases stop, and what writes half a file loses it.",
  next: "See what takes it: `du -xh --max-depth=2 / | sort -h | tail`, `docker system df`. `aplomo backup prune` removes what retention does not keep; give logs a limit.",
  needs: [],
  check: (seen) => [
    ...(seen.disks ?? []).flatMap(({ path, holds, bytes: { free, total } }): Found[] => {
      if (total === 0 || free > plenty || free > 5 * full * total) return [];
      const message = `${gigabytes(free)} of ${gigabytes(total)} are free`;
      return [{ subject: path, message, evidence: [`there lie ${holds}`], ...(free <= full * total ? {} : { level: "warning" }) }];
    }),
    ...voicesOf(seen).flatMap((voice): Found[] => {
      const line = voice.lines.findLast((one) => said.test(one));
      return line
        ? [
            {
              subject: voice.subject,
              message: "it has no room to write",
              evidence: [cut(line)],
              ...(voice.well ? { level: "warning" } : {}),
            },
          ]
        : [];
    }),
  ],
};

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 10e9 ? 1 : 0)} GB`;
}
