import { counted } from "../../base/count.ts";
import type { Rule } from "../rule.ts";

/** Of a table that had so many rows. */
const enough = 20;

export const rowsMissing: Rule = {
  id: "rows-missing",
  title: "tables are empty, or have far fewer rows than the last backup",
  why: "A dump that was cut short was restored (206 of 7,320 rows, and nobody noticed, I8); a seed deletes (I12); or the application looks at a new, empty volume (I20).",
  next: "Write nothing more. `aplomo backup list` shows what there is; `aplomo backup restore BACKUP` puts it back beside, counts, and only then swaps.",
  needs: ["databases"],
  check: ({ databases = [] }) =>
    databases.flatMap(({ name, counts, backup }) => {
      if (counts === null || backup === null) return [];
      const fallen = Object.entries(backup.counts).filter(([table, before]) => before >= enough && (counts[table] ?? 0) < before / 2);
      if (fallen.length === 0) return [];
      const evidence = fallen
        .slice(0, 5)
        .map(([table, before]) => `${table}: ${counts[table] ?? "gone"} now, ${before} in backup ${backup.id}`);
      return [
        {
          subject: `database ${name}`,
          message: `it has lost most rows of ${counted(fallen.length, "table")}`,
          evidence,
        },
      ];
    }),
};
