import type { Session } from "../session.ts";
import { identifier, literal } from "./quote.ts";
import { showCreate } from "./schema.ts";

/** What is no table, and so is made again where tables are moved to: with the statements that do it, in a database they find themselves in. */
export interface Definition {
  kind: "view" | "trigger" | "function" | "procedure" | "event";
  name: string;
  create: string;
  /** Settings it was made under. */
  mode: string;
  collation: string;
  zone: string;
  /** Of a view: its columns, for a stand-in until all that it reads is there. */
  columns: string[];
}

interface Row {
  kind: Definition["kind"];
  name: string;
  mode: string | null;
  collation: string;
  zone: string | null;
}

const row = (kind: string, name: string, mode: string, zone: string): string =>
  `SELECT JSON_OBJECT('kind', ${kind}, 'name', ${name}, 'mode', ${mode}, 'collation', COLLATION_CONNECTION, 'zone', ${zone})`;

const inOrder = (kind: string): string =>
  row(`'${kind}'`, `${kind.toUpperCase()}_NAME`, "SQL_MODE", kind === "event" ? "TIME_ZONE" : "NULL");

/** Everything but tables in a database, in the order in which it can be made. */
export async function readDefinitions(session: Session, database: string): Promise<Definition[]> {
  await session.run(`USE ${identifier(database)};`);
  const rows = [
    ...(await session.rows<Row>(
      `${row("LOWER(ROUTINE_TYPE)", "ROUTINE_NAME", "SQL_MODE", "NULL")} FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY ROUTINE_NAME`,
    )),
    ...(await session.rows<Row>(
      `${row("'view'", "TABLE_NAME", "NULL", "NULL")} FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME`,
    )),
    ...(await session.rows<Row>(
      `${inOrder("trigger")} FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER`,
    )),
    ...(await session.rows<Row>(`${inOrder("event")} FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() ORDER BY EVENT_NAME`)),
  ];
  const columns = await session.rows<{ table: string; name: string }>(
    `SELECT JSON_OBJECT('table', TABLE_NAME, 'name', COLUMN_NAME) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION`,
  );
  const found: Definition[] = [];
  for (const { kind, name, mode, collation, zone } of rows) {
    const before = { view: 0, trigger: 1, function: 1, procedure: 1, event: 2 }[kind];
    const after = { view: 2, trigger: 4, function: 3, procedure: 3, event: 3 }[kind];
    const create = await showCreate(session, kind, name, after, before);
    const own = kind === "view" ? columns.filter(({ table }) => table === name).map((column) => column.name) : [];
    found.push({ kind, name, create, mode: mode ?? "", collation, zone: zone ?? "", columns: own });
  }
  return found;
}

/** Makes them in the session's database, in place of whatever has their names; `word` is no part of any of them. Pure. */
export function makeStatements(definitions: readonly Definition[], word: string): string {
  const views = definitions.filter(({ kind }) => kind === "view");
  const standIns = views.map(({ name, columns }) => {
    const fields = columns.map((column) => `NULL AS ${identifier(column)}`).join(", ");
    return `CREATE OR REPLACE VIEW ${identifier(name)} AS SELECT ${fields};`;
  });
  const made = definitions.flatMap((definition) => {
    const { kind, create, mode, collation, zone } = definition;
    const settings = [
      `sql_mode = ${literal(mode)}`,
      `collation_connection = ${literal(collation)}`,
      ...(zone === "" ? [] : [`time_zone = ${literal(zone)}`]),
    ];
    const text = kind === "view" ? create.replace(/^CREATE /, "CREATE OR REPLACE ") : create;
    return [
      ...(kind === "view" ? [] : [dropStatement(definition)]),
      `SET SESSION ${settings.join(", ")};`,
      `DELIMITER ${word}\n${text}\n${word}\nDELIMITER ;`,
      "SET NAMES utf8mb4; SET SESSION sql_mode = '', time_zone = '+00:00';",
    ];
  });
  return [...standIns, ...made].join("\n");
}

export function dropStatement({ kind, name }: Pick<Definition, "kind" | "name">): string {
  return `DROP ${kind.toUpperCase()} IF EXISTS ${identifier(name)};`;
}
