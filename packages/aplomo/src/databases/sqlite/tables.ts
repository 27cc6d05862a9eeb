import { createHash } from "node:crypto";
import type { Checksums, Column, Columns, Counts, Schema, TextRow, WantedTable } from "../contract.ts";
import { Sum } from "../hashes.ts";
import type { SqliteFile } from "./open.ts";

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Tables that hold rows: not views, and of virtual ones their shadow tables. */
export function listTables(file: SqliteFile): string[] {
  return file
    .all<{ name: string }>(`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow')
      AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`)
    .map((row) => row.name);
}

export function countRows(file: SqliteFile): Counts {
  const counts: Counts = {};
  for (const table of listTables(file)) {
    counts[table] = file.all<{ n: number }>(`SELECT count(*) AS n FROM ${identifier(table)}`)[0]?.n ?? 0;
  }
  return counts;
}

/** The schema as it was declared, with blanks outside quotes made one; `user_version` too, for migration tools keep theirs in it. */
export function readSchema(file: SqliteFile): Schema {
  const rows = file.all<{ type: string; name: string; sql: string }>(
    `SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
  );
  const schema: Schema = Object.fromEntries(rows.map((row) => [`${row.type}: ${row.name}`, oneBlank(row.sql)]));
  const version = file.all<{ user_version: number }>("PRAGMA user_version")[0]?.user_version ?? 0;
  if (version !== 0) schema["setting: user_version"] = String(version);
  return schema;
}

function oneBlank(sql: string): string {
  return sql.replaceAll(/('(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*\n?)|\s+/g, (_, quoted?: string) => quoted ?? " ");
}

/**
 * A hash of each row, 48 bits. A row is written out with each value's type: as SQLite prints it, except text and blobs, whose
 * bytes are taken, for printing ends a text at a NUL.
 */
export function* hashRows(file: SqliteFile, table: string): Generator<number> {
  const columns = file
    .all<{ name: string; hidden: number }>(`PRAGMA table_xinfo(${identifier(table)})`)
    .filter((column) => column.hidden !== 1);
  const parts = columns
    .map((column) => identifier(column.name))
    .sort()
    .map(
      (name) =>
        `CASE typeof(${name}) WHEN 'text' THEN 't' || hex(${name}) WHEN 'blob' THEN 'b' || hex(${name}) WHEN 'real' THEN 'r' || quote(${name}) ELSE quote(${name}) END`,
    );
  for (const { row } of file.iterate<{ row: string }>(`SELECT ${parts.join(` || ',' || `)} AS row FROM ${identifier(table)}`)) {
    yield createHash("md5").update(row).digest().readUIntBE(0, 6);
  }
}

export function hashTables(file: SqliteFile): Checksums {
  return Object.fromEntries(listTables(file).map((table) => [table, hashTable(file, table)]));
}

function hashTable(file: SqliteFile, table: string): string {
  const sum = new Sum();
  for (const hash of hashRows(file, table)) sum.add(hash);
  return sum.text();
}

/** The columns of every table. */
export function readColumns(file: SqliteFile): Columns {
  const of = (table: string): [string, Column][] =>
    file
      .all<{ name: string; type: string; notnull: number; dflt_value: string | null; pk: number; hidden: number }>(
        `PRAGMA table_xinfo(${identifier(table)})`,
      )
      .map((row) => {
        // The only number that SQLite gives by itself is that of an INTEGER PRIMARY KEY.
        const filled = row.dflt_value !== null || row.hidden > 1 || (row.pk > 0 && row.type.toUpperCase() === "INTEGER");
        return [row.name, { type: row.type.toLowerCase(), nullable: row.notnull === 0, filled }];
      });
  return Object.fromEntries(listTables(file).map((table) => [table, Object.fromEntries(of(table))]));
}

/** Those of the wanted tables that are there with every column. */
export function readTables(file: SqliteFile, wanted: readonly WantedTable[]): (TextRow[] | null)[] {
  return wanted.map(({ table, columns }) => {
    const there = new Set(file.all<{ name: string }>(`SELECT name FROM pragma_table_info(${literal(table)})`).map(({ name }) => name));
    if (!columns.every((column) => there.has(column))) return null;
    const list = columns.map((column) => `CAST(${identifier(column)} AS TEXT) AS ${identifier(column)}`);
    return file.all<TextRow>(`SELECT ${list.join(", ")} FROM ${identifier(table)}`).map((row) => ({ ...row }));
  });
}
