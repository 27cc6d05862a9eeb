import { join } from "node:path";
import type { Database } from "../databases/contract.ts";
import { readIfPresent, writeFileSafely } from "../host/files.ts";

/** How each kind of dump is read, by the ending it has before it is packed; `FILE` stands for the file. */
const recipes: Record<string, string[]> = {
  sql: [
    "PostgreSQL (sql):",
    "    createdb --template=template0 restored",
    "    zstd -dc FILE | psql -X -1 -v ON_ERROR_STOP=1 -d restored",
    "MariaDB, MySQL (sql):",
    "    mariadb -e 'CREATE DATABASE restored'",
    "    zstd -dc FILE | mariadb restored",
  ],
  archive: ["MongoDB:", "    zstd -dc FILE | mongorestore --archive --stopOnError --nsFrom='$db$.$name$' --nsTo='restored.$name$'"],
  sqlite: ["SQLite:", "    zstd -dc FILE > restored.sqlite"],
};

/** Puts the page that a person needs who has the backups and nothing else into a database's folder. */
export async function writeReadme(directory: string, { name, capabilities }: Database): Promise<void> {
  const path = join(directory, name, "README.txt");
  const text = readme(name, recipes[capabilities.extension] ?? []);
  if ((await readIfPresent(path)) !== text) await writeFileSafely(path, text);
}

function readme(name: string, recipe: readonly string[]): string {
  return [
    `Backups of the database ${name}, made by Aplomo. They are restored with the usual tools alone.`,
    "",
    "A backup is three files: the dump, its .sha256, and its .manifest.json. A dump without a manifest is none: do not use it.",
    "",
    "1. Is it whole?",
    "    sha256sum -c FILE.sha256",
    "2. Only if its name ends with .age: open it with the key of the recovery kit, and go on with what comes out.",
    "    age -d -i key.txt -o FILE FILE.age",
    "3. Restore it into a new database (for .gz: gzip -dc in place of zstd -dc).",
    ...recipe.map((line) => `   ${line}`),
    "4. Compare: rows.snapshot in the manifest says how many rows each table had. A tool may end well on a dump that was cut.",
    "",
    "The manifest says under `proof` whether, when and on which server it was restored and compared; the folders are daily, weekly,",
    "monthly, deploy (before a deploy), manual, safety (before a restore). Times are UTC.",
    "",
  ].join("\n");
}
