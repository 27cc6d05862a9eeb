import type { Rule } from "../rule.ts";

export const backupMissing: Rule = {
  id: "backup-missing",
  title: "a database has no backup",
  why: "None was ever made here, or the folder of backups is another one, or empty: what is lost now is lost.",
  next: "`aplomo backup run` now; `aplomo backup schedule` for every day.",
  needs: ["backups"],
  check: ({ backups }) =>
    (backups?.databases ?? [])
      .filter(({ id }) => id === null)
      .map(({ database }) => ({ subject: `database ${database}`, message: "there is no backup of it", evidence: [] })),
};
