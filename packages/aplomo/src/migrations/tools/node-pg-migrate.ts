import { compareByName, stem, topFiles } from "../compare.ts";
import type { MigrationTool } from "../contract.ts";

export const nodePgMigrate: MigrationTool = {
  name: "node-pg-migrate",
  tables: [{ table: "pgmigrations", columns: ["id", "name", "run_on"] }],
  owns: (files) =>
    topFiles(files, /\.((m|c)?(j|t)s|sql)$/).some((path) => /\bpgm\b|^-- Up Migration/m.test(files[path]?.toString("utf8") ?? "")),
  compare([rows], files) {
    const recorded = (rows ?? []).toSorted((a, b) => Number(a["id"]) - Number(b["id"])).map((row) => ({ name: String(row["name"]) }));
    return compareByName(recorded, files && topFiles(files, /(?<!\.d)\.((m|c)?(j|t)s|sql)$/).map((path) => ({ name: stem(path) })));
  },
  repair: "",
};
