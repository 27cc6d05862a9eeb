import { compareByName, stem, topFiles } from "../compare.ts";
import type { Files, MigrationTool } from "../contract.ts";

const written = /^(\d{13})-(.+?)(?<!\.d)\.(m|c)?(j|t)s$/;

/** The table has the class's name, `AddUsers1700000000000`, and the file the same two parts the other way round: the time is what both have. */
export const typeorm: MigrationTool = {
  name: "typeorm",
  tables: [{ table: "migrations", columns: ["timestamp", "name"] }],
  owns: (files) => topFiles(files, written).some((path) => /MigrationInterface|queryRunner/.test(files[path]?.toString("utf8") ?? "")),
  compare([rows], files) {
    const names = files && namesOf(files);
    const recorded = (rows ?? [])
      .toSorted((a, b) => Number(a["timestamp"]) - Number(b["timestamp"]))
      .map((row) => ({ name: names?.get(String(row["timestamp"])) ?? String(row["name"]) }));
    return compareByName(recorded, names && [...names.values()].map((name) => ({ name })));
  },
  repair: "",
};

function namesOf(files: Files): Map<string, string> {
  return new Map(topFiles(files, written).map((path) => [path.slice(0, 13), stem(path)]));
}
