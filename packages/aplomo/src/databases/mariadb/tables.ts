import type { Checksums, Columns, Counts, Sequences, TextRow, WantedTable } from "../contract.ts";
import { buckets, hashRange, small, type Short } from "../hashes.ts";
import type { Session } from "../session.ts";
import { identifier, literal } from "./quote.ts";

/** One table that holds rows. */
export interface Table {
  name: string;
  columns: { name: string; type: string }[];
}

const sessionDatabase = "DATABASE()";

/** Tables of the session's database; neither views nor sequences. The times of a system-versioned row are no part of it: a dump leaves them out. */
export async function listTables(session: Session): Promise<Table[]> {
  const tables = await session.rows<{ name: string }>(
    `SELECT JSON_OBJECT('name', TABLE_NAME) FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = ${sessionDatabase} AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME`,
  );
  const columns = await session.rows<{ table: string; name: string; type: string }>(
    `SELECT JSON_OBJECT('table', TABLE_NAME, 'name', COLUMN_NAME, 'type', DATA_TYPE) FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = ${sessionDatabase} AND COALESCE(GENERATION_EXPRESSION, '') NOT IN ('ROW START', 'ROW END')`,
  );
  const byTable = new Map<string, Table["columns"]>();
  for (const { table, ...column } of columns) byTable.set(table, [...(byTable.get(table) ?? []), column]);
  return tables.map(({ name }) => ({ name, columns: (byTable.get(name) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1)) }));
}

/** Rows of every table. */
export async function countRows(session: Session): Promise<Counts> {
  return aggregate(await listTables(session), session, () => "COUNT(*)", Number);
}

/** A hash of each table's rows in whatever order: how many there are, and the sum of their hashes. A FLOAT is taken as the dump writes it. */
export async function hashRows(session: Session): Promise<Checksums> {
  const expression = (table: Table): string => `CONCAT(COUNT(*), ':', COALESCE(SUM(${rowHash(table, 15, (column) => column)}), 0))`;
  return aggregate(await listTables(session), session, expression, (value) => value);
}

/**
 * A number from the first hexadecimal digits of a row's SHA-256; MySQL has no MD5 any more. Each value is hashed by itself first, so
 * that the row written out never grows past what the server allows; numbers as text. That of a FLOAT has six digits, unless the
 * caller takes it otherwise.
 */
function rowHash({ columns }: Table, digits: number, float: (column: string) => string): string {
  const parts = columns.map(({ name, type }) => {
    const column = identifier(name);
    const value = type === "float" ? float(column) : type === "bit" ? `HEX(${column} + 0)` : column;
    return `COALESCE(SHA2(${value}, 256), '-')`;
  });
  return `CAST(CONV(LEFT(SHA2(CONCAT_WS(',', ${parts.join(", ")}), 256), ${digits}), 16, 10) AS UNSIGNED)`;
}

/** Tables asked in one statement. */
const together = 100;

async function aggregate<T>(
  tables: Table[],
  session: Session,
  expression: (table: Table) => string,
  read: (value: string) => T,
): Promise<Record<string, T>> {
  const found: [string, T][] = [];
  for (let at = 0; at < tables.length; at += together) {
    const queries = tables
      .slice(at, at + together)
      .map(
        (table, index) => `SELECT JSON_OBJECT('n', ${at + index}, 'value', CONCAT(${expression(table)})) FROM ${identifier(table.name)}`,
      );
    const rows = await session.rows<{ n: number; value: string }>(queries.join("\nUNION ALL\n"));
    for (const { n, value } of rows) found.push([tables[n]?.name ?? "", read(value)]);
  }
  return Object.fromEntries(found);
}

/** Each table's hashes as a mark keeps them: sums are the server's work where a table is big. */
export async function shortOf(session: Session, table: Table, rows: number): Promise<Short> {
  const hash = rowHash(table, 12, (column) => `${column} + 0e0`);
  if (rows <= small) {
    const text = await session.run(`SELECT ${hash} FROM ${identifier(table.name)};`);
    return { kind: "rows", values: text === "" ? [] : text.split("\n").map(Number) };
  }
  const values = Array.from({ length: 2 * buckets }, () => 0);
  const sums = await session.rows<[number, number, number]>(
    `SELECT JSON_ARRAY(h % ${buckets}, COUNT(*), CAST(SUM(h) % ${hashRange} AS UNSIGNED)) FROM (SELECT ${hash} AS h FROM ${identifier(table.name)}) q GROUP BY h % ${buckets}`,
  );
  for (const [bucket, count, sum] of sums) [values[2 * bucket], values[2 * bucket + 1]] = [count, sum];
  return { kind: "buckets", values };
}

/** What the next value of each sequence and AUTO_INCREMENT would be, as a dump sets it; those that were never used are left out. */
export async function readSequences(session: Session): Promise<Sequences> {
  const counters = await session.rows<{ name: string; value: string }>(
    `SELECT JSON_OBJECT('name', TABLE_NAME, 'value', CAST(AUTO_INCREMENT AS CHAR)) FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = ${sessionDatabase} AND AUTO_INCREMENT > 1`,
  );
  const sequences = await session.rows<{ name: string }>(
    `SELECT JSON_OBJECT('name', TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${sessionDatabase} AND TABLE_TYPE = 'SEQUENCE'`,
  );
  const found: Sequences = Object.fromEntries(counters.map(({ name, value }) => [name, value]));
  for (const { name } of sequences) found[name] = await session.run(`SELECT next_not_cached_value FROM ${identifier(name)};`);
  return found;
}

export interface DatabaseRow {
  charset: string;
  collation: string;
}

/** Undefined when the server has no such database. */
export async function readDatabase(session: Session, name: string): Promise<DatabaseRow | undefined> {
  const [found] = await session.rows<DatabaseRow>(
    `SELECT JSON_OBJECT('charset', DEFAULT_CHARACTER_SET_NAME, 'collation', DEFAULT_COLLATION_NAME) FROM information_schema.SCHEMATA
     WHERE SCHEMA_NAME = ${literal(name)}`,
  );
  return found;
}

/** An empty database that is in all else like another one. Pure. */
export function createStatement(name: string, { charset, collation }: DatabaseRow): string {
  return `CREATE DATABASE ${identifier(name)} CHARACTER SET ${charset} COLLATE ${collation};`;
}

/** The columns of every table, no view's. */
export async function readColumns(session: Session): Promise<Columns> {
  const rows = await session.rows<{ table: string; name: string; type: string; nullable: string; filled: number }>(
    `SELECT JSON_OBJECT('table', c.TABLE_NAME, 'name', c.COLUMN_NAME, 'type', c.COLUMN_TYPE, 'nullable', c.IS_NULLABLE,
       'filled', IF(c.COLUMN_DEFAULT IS NOT NULL OR c.EXTRA LIKE '%auto_increment%' OR COALESCE(c.GENERATION_EXPRESSION, '') <> '', 1, 0))
     FROM information_schema.COLUMNS c JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
     WHERE c.TABLE_SCHEMA = ${sessionDatabase} AND t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')`,
  );
  const found: Columns = {};
  for (const { table, name, type, nullable, filled } of rows)
    (found[table] ??= {})[name] = { type, nullable: nullable === "YES", filled: filled === 1 };
  return found;
}

/** Those of the wanted tables that are there with every column. A server may know tables by names in lower case alone. */
export async function readTables(session: Session, wanted: readonly WantedTable[]): Promise<(TextRow[] | null)[]> {
  const found: (TextRow[] | null)[] = [];
  const tables = await listTables(session);
  for (const { table, columns } of wanted) {
    const one = tables.find(({ name }) => name === table) ?? tables.find(({ name }) => name === table.toLowerCase());
    const complete = one && columns.every((column) => one.columns.some(({ name }) => name === column));
    const pairs = columns.map((column) => `${literal(column)}, CAST(${identifier(column)} AS CHAR)`);
    found.push(complete ? await session.rows<TextRow>(`SELECT JSON_OBJECT(${pairs.join(", ")}) FROM ${identifier(one.name)}`) : null);
  }
  return found;
}
