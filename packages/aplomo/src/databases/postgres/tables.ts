import type { Checksums, Column, Columns, Counts, Sequences, TextRow, WantedTable } from "../contract.ts";
import { identifier, literal, qualified, tableKey } from "./quote.ts";
import type { Session } from "../session.ts";

/** One table that holds rows. A partition counts for the table it is a part of. */
export interface Table {
  schema: string;
  name: string;
  /** The key in counts: the table's own, or its topmost parent's. */
  key: string;
  columns: string[];
}

/** Schemas of the server's own. */
export const systemSchemas = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

/** True for what belongs to an extension, which a dump restores by CREATE EXTENSION. */
export function ofExtension(catalogue: string, oid: string): string {
  return `EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.${catalogue}'::pg_catalog.regclass AND e.objid = ${oid} AND e.deptype = 'e')`;
}

interface Row {
  schema: string;
  name: string;
  root_schema: string;
  root_name: string;
  columns: string[] | null;
}

/** Tables with rows of their own: ordinary ones and the parts of partitioned ones. Foreign tables and those of extensions are not dumped. */
const tablesQuery = `
  WITH RECURSIVE up AS (
    SELECT c.oid, c.oid AS top FROM pg_catalog.pg_class c WHERE c.relkind = 'r'
    UNION ALL
    SELECT up.oid, i.inhparent FROM up
      JOIN pg_catalog.pg_inherits i ON i.inhrelid = up.top
      JOIN pg_catalog.pg_class p ON p.oid = up.top AND p.relispartition
  ), root AS (
    SELECT up.oid, up.top FROM up JOIN pg_catalog.pg_class t ON t.oid = up.top WHERE NOT t.relispartition
  )
  SELECT n.nspname AS schema, c.relname AS name, tn.nspname AS root_schema, t.relname AS root_name,
    (SELECT pg_catalog.json_agg(a.attname ORDER BY a.attname COLLATE "C") FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
  FROM root
    JOIN pg_catalog.pg_class c ON c.oid = root.oid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_class t ON t.oid = root.top
    JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
  WHERE c.relpersistence <> 't' AND ${systemSchemas} AND NOT ${ofExtension("pg_class", "c.oid")}
  ORDER BY 1, 2`;

export async function listTables(session: Session): Promise<Table[]> {
  const rows = await session.rows<Row>(tablesQuery);
  return rows.map((row) => ({
    schema: row.schema,
    name: row.name,
    key: tableKey(row.root_schema, row.root_name),
    columns: row.columns ?? [],
  }));
}

/** Rows of every table. */
export async function countRows(session: Session, tables?: Table[]): Promise<Counts> {
  return aggregate(
    session,
    tables ?? (await listTables(session)),
    () => "count(*)",
    (values) => Number(sum(values)),
  );
}

/**
 * A hash of each table's rows. Each row is written out as text, under settings that make every type exact, its columns in the
 * order of their names, and hashed to 64 bits; the sum does not depend on the order of rows, and sees doubled ones.
 */
export async function hashRows(session: Session, tables?: Table[]): Promise<Checksums> {
  const hash = (table: Table): string =>
    `count(*)::text || ':' || coalesce(sum(pg_catalog.hashtextextended(ROW(${table.columns.map((name) => `t.${identifier(name)}`).join(", ")})::text COLLATE "C", 0)), 0)::text`;
  return aggregate(session, tables ?? (await listTables(session)), hash, (values) => {
    const parts = values.map((value) => value.split(":"));
    return `${sum(parts.map(([count]) => count ?? "0"))}:${sum(parts.map(([, total]) => total ?? "0"))}`;
  });
}

function sum(values: string[]): bigint {
  return values.reduce((total, value) => total + BigInt(value), 0n);
}

/** Tables asked in one statement: the server's parser has a limit for how deep UNION ALL goes. */
const together = 200;

/** Asks one expression of every table, and joins the answers of a partitioned table's parts. One instant only inside a transaction of its own snapshot. */
export async function aggregate<T>(
  session: Session,
  tables: Table[],
  expression: (table: Table) => string,
  join: (values: string[]) => T,
): Promise<Record<string, T>> {
  const byKey = new Map<string, string[]>();
  for (let at = 0; at < tables.length; at += together) {
    const queries = tables.slice(at, at + together).map((table) => {
      const from = `FROM ONLY ${qualified(table.schema, table.name)} t`;
      return `SELECT ${literal(table.key)} AS key, (${expression(table)})::text AS value ${from}`;
    });
    const rows = await session.rows<{ key: string; value: string }>(queries.join("\nUNION ALL\n"));
    for (const { key, value } of rows) byKey.set(key, [...(byKey.get(key) ?? []), value]);
  }
  return Object.fromEntries([...byKey].map(([key, values]) => [key, join(values)]));
}

/** How the state of a sequence is written: whether its last value was given to somebody decides what comes next. */
export function sequenceState(value: string, called: boolean): string {
  return called ? value : `${value}, not used yet`;
}

/** Every sequence's state, those of serial and identity columns included. */
export async function readSequences(session: Session): Promise<Sequences> {
  const sequences = await session.rows<{ schema: string; name: string }>(`
    SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND ${systemSchemas} AND NOT ${ofExtension("pg_class", "c.oid")} ORDER BY 1, 2`);
  const found: Sequences = {};
  for (let at = 0; at < sequences.length; at += together) {
    const queries = sequences.slice(at, at + together).map(({ schema, name }) => {
      const key = literal(tableKey(schema, name));
      return `SELECT ${key} AS key, last_value::text AS value, is_called AS called FROM ${qualified(schema, name)}`;
    });
    const rows = await session.rows<{ key: string; value: string; called: boolean }>(queries.join("\nUNION ALL\n"));
    for (const { key, value, called } of rows) found[key] = sequenceState(value, called);
  }
  return found;
}

/** The columns of tables and partitioned ones, under their names in counts. */
export async function readColumns(session: Session): Promise<Columns> {
  const rows = await session.rows<Column & { schema: string; table: string; name: string }>(`
    SELECT n.nspname AS schema, c.relname AS table, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
      NOT a.attnotnull AS nullable, a.atthasdef OR a.attidentity <> '' AS filled
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' AND a.attnum > 0 AND NOT a.attisdropped
      AND ${systemSchemas} AND NOT ${ofExtension("pg_class", "c.oid")}`);
  const found: Columns = {};
  for (const { schema, table, name, ...column } of rows) (found[tableKey(schema, table)] ??= {})[name] = column;
  return found;
}

/** Those of the wanted tables that are there with every column, in the order in which they are wanted. */
export async function readTables(session: Session, wanted: readonly WantedTable[]): Promise<(TextRow[] | null)[]> {
  const names = wanted.map(({ table }) => literal(table)).join(", ");
  const there = await session.rows<{ schema: string; name: string; columns: string[] | null }>(`
    SELECT n.nspname AS schema, c.relname AS name,
      (SELECT pg_catalog.json_agg(a.attname) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND c.relname IN (${names || "''"}) AND ${systemSchemas} ORDER BY n.nspname <> 'public', n.nspname`);
  const found: (TextRow[] | null)[] = [];
  for (const { table, columns } of wanted) {
    const one = there.find(({ name, columns: own }) => name === table && columns.every((column) => own?.includes(column)));
    const list = columns.map((column) => `t.${identifier(column)}::text AS ${identifier(column)}`);
    found.push(one ? await session.rows<TextRow>(`SELECT ${list.join(", ")} FROM ${qualified(one.schema, one.name)} t`) : null);
  }
  return found;
}
