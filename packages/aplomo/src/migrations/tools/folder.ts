import { compareByName, isSha256, stem, topFiles } from "../compare.ts";
import type { Files, MigrationTool } from "../contract.ts";

/** A folder of SQL files that Aplomo runs: see `run.ts`. One without an end failed, or was broken off, where the engine takes nothing back. */
export const ownTable = "aplomo_migrations";

export const folder: MigrationTool = {
  name: "sql",
  tables: [{ table: ownTable, columns: ["name", "checksum", "finished_at"] }],
  owns: (files) => topFiles(files, /\.sql$/).length > 0,
  compare([rows], files) {
    const recorded = (rows ?? [])
      .map((row) => ({ name: String(row["name"]), checksum: row["checksum"] ?? null, failed: row["finished_at"] === null }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const written = files && upFiles(files).map((name) => ({ name, is: isSha256(files[name] ?? Buffer.alloc(0)) }));
    return compareByName(recorded, written);
  },
  scripts: (files) => upFiles(files).map((name) => files[name]?.toString("utf8") ?? ""),
  repair: `put the schema right, then remove its row from ${ownTable} to run it again, or set finished_at when it is done`,
};

function upFiles(files: Files): string[] {
  return topFiles(files, /(?<!\.down)\.sql$/);
}

/** A folder of SQL files that a runner of the application's own keeps a table of, with a name in it: whatever the ending, it is the file's. */
export const ownRunner: MigrationTool = {
  name: "sql",
  tables: [{ table: "migrations", columns: ["name"] }],
  owns: () => false,
  compare([rows], files) {
    const recorded = (rows ?? []).map((row) => ({ name: stem(String(row["name"])) })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return compareByName(recorded, files && topFiles(files, /\.sql$/).map((name) => ({ name: stem(name) })));
  },
  repair: "",
};
