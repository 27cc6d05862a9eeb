import { compareByName, stem, topFiles } from "../compare.ts";
import type { MigrationTool } from "../contract.ts";

const migration = /(?<!\.d)\.((m|c)?(j|t)s|sql)$/;

export const nodePgMigrate: MigrationTool = {
  name: "node-pg-migrate",
  tables: [{ table: "pgmigrations", columns: ["id", "name", "run_on"] }],
  owns: (files) =>
    topFiles(files, /\.((m|c)?(j|t)s|sql)$/).some((path) => /\bpgm\b|^-- Up Migration/m.test(files[path]?.toString("utf8") ?? "")),
  compare([rows], files) {
    const recorded = (rows ?? []).toSorted((a, b) => Number(a["id"]) - Number(b["id"])).map((row) => ({ name: String(row["name"]) }));
    return compareByName(recorded, files && topFiles(files, migration).map((path) => ({ name: stem(path) })));
  },
  // One that is a program says nothing of its SQL.
  scripts(files) {
    const names = topFiles(files, migration);
    return names.every((name) => name.endsWith(".sql")) ? names.map((name) => upPart(files[name]?.toString("utf8") ?? "")) : undefined;
  },
  repair: "",
};

function upPart(text: string): string {
  return (text.split(/^\s*--[\s-]*down\s+migration.*$/im)[0] ?? "").replace(/^\s*--[\s-]*up\s+migration.*$/im, "");
}
