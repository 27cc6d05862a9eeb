import type { Rule } from "../rule.ts";
import { full } from "./disk-full.ts";

export const inodesFull: Rule = {
  id: "inodes-full",
  title: "the disk can hold no more files",
  why: "The file system has room, and no inode left: sessions, caches and mail queues of many small files. `df -h` looks fine, every write says that the disk is full.",
  next: "`df -i` shows it; `du --inodes -x / | sort -n | tail` finds the folder. Remove what has aged there.",
  needs: ["disks"],
  check: ({ disks = [] }) =>
    disks
      .filter(({ inodes: { free, total } }) => total > 0 && free <= full * total)
      .map(({ path, holds, inodes: { free, total } }) => ({
        subject: path,
        message: `${free} of ${total} files can still be made`,
        evidence: [`there lie ${holds}`],
      })),
};
