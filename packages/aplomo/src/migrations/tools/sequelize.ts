import { compareByName, stem, topFiles } from "../compare.ts";
import type { MigrationTool } from "../contract.ts";

/** It runs them in the order of their names, also one that comes later and is older. */
export const sequelize: MigrationTool = {
  name: "sequelize",
  tables: [{ table: "SequelizeMeta", columns: ["name"] }],
  owns: (files) => topFiles(files, /\.(c|m)?(j|t)s$/).some((path) => /queryInterface/.test(files[path]?.toString("utf8") ?? "")),
  compare([rows], files) {
    const recorded = (rows ?? []).map((row) => ({ name: stem(String(row["name"])) })).toSorted((a, b) => a.name.localeCompare(b.name));
    return compareByName(recorded, files && topFiles(files, /(?<!\.d)\.((m|c)?(j|t)s|sql)$/).map((path) => ({ name: stem(path) })));
  },
  repair: "",
};
