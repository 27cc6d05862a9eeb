import type { Rule } from "../rule.ts";

export const backupOld: Rule = {
  id: "backup-old",
  title: "the newest proven backup is too old",
  why: "The schedule was removed, its job fails, or the disk is full: nobody reads the mail of a job that fails at night.",
  next: "`aplomo backup run` now, and read what it says; `aplomo backup schedule` puts the job in place again.",
  needs: ["backups"],
  check: ({ backups }) =>
    (backups?.databases ?? [])
      .filter(({ late, id }) => late !== null && id !== null && !late.startsWith("the proof of"))
      .map(({ database, late, id }) => ({ subject: `database ${database}`, message: late ?? "", evidence: [`the newest is ${id}`] })),
};
