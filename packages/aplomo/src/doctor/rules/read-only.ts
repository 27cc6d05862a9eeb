import { spoken } from "../voices.ts";

export const readOnly = spoken({
  id: "read-only",
  title: "it writes to a file system that is read-only",
  why: "The container or mount is read-only on purpose (read_only, :ro), or the kernel made the disk so after an error: then every program on the machine has it.",
  next: "Mount a volume or a tmpfs where it writes. When the whole disk is read-only: `dmesg`, then check the disk, and take a backup first.",
  alsoWell: true,
  patterns: [/EROFS: read-only file system, \w+ '([^']+)'/, /Read-only file system:? ?'?([\w./-]*)'?/],
  tell: ([, path]) => ({ message: path ? `it cannot write ${path}` : "it cannot write" }),
});
