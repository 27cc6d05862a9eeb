import { compareByName, isSha256 } from "../compare.ts";
import type { Files, MigrationTool } from "../contract.ts";

const file = /^([^/]+)\/migration\.sql$/;

/** One that has no end and was not marked as rolled back is what Prisma calls P3009. */
export const prisma: MigrationTool = {
  name: "prisma",
  tables: [{ table: "_prisma_migrations", columns: ["migration_name", "checksum", "started_at", "finished_at", "rolled_back_at"] }],
  owns: (files) => "migration_lock.toml" in files || Object.keys(files).some((path) => file.test(path)),
  compare([rows], files) {
    const told = (rows ?? [])
      .filter((row) => row["rolled_back_at"] === null)
      .toSorted((a, b) => String(a["started_at"]).localeCompare(String(b["started_at"])))
      .map((row) => ({ name: String(row["migration_name"]), checksum: row["checksum"] ?? null, failed: row["finished_at"] === null }));
    return compareByName(told, files && written(files));
  },
  scripts: (files) => written(files).map(({ name }) => files[`${name}/migration.sql`]?.toString("utf8") ?? ""),
  repair: "P3009: put the schema right and say so: `prisma migrate resolve --applied NAME`, or `--rolled-back NAME` to run it again",
};

function written(files: Files): { name: string; is: (checksum: string) => boolean }[] {
  return Object.keys(files)
    .flatMap((path) => file.exec(path)?.[1] ?? [])
    .sort()
    .map((name) => ({ name, is: isSha256(files[`${name}/migration.sql`] ?? Buffer.alloc(0)) }));
}
