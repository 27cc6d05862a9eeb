import { compareByName, stem, topFiles } from "../compare.ts";
import type { MigrationTool } from "../contract.ts";

/** A migration may have been compiled since: `.ts` and `.js` are one. What died while it migrated left its lock behind. */
export const knex: MigrationTool = {
  name: "knex",
  tables: [
    { table: "knex_migrations", columns: ["id", "name", "batch"] },
    { table: "knex_migrations_lock", columns: ["is_locked"] },
  ],
  owns: (files) =>
    topFiles(files, /^\d{14}_.+\.(m|c)?(j|t)s$/).some((path) => /\bknex\b|\bschema\b/.test(files[path]?.toString("utf8") ?? "")),
  compare([rows, locks], files) {
    const recorded = (rows ?? []).toSorted((a, b) => Number(a["id"]) - Number(b["id"])).map((row) => ({ name: stem(String(row["name"])) }));
    const standing = compareByName(
      recorded,
      files && topFiles(files, /(?<!\.d)\.((m|c)?(j|t)s|sql)$/).map((path) => ({ name: stem(path) })),
    );
    const locked = (locks ?? []).some((row) => row["is_locked"] === "1");
    return locked ? { ...standing, failed: ["the lock in knex_migrations_lock is taken"] } : standing;
  },
  repair: "a run was killed, or is under way: see what it did, then `knex migrate:unlock`",
};
