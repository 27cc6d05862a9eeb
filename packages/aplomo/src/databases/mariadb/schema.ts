import type { Schema } from "../contract.ts";
import type { Session } from "../session.ts";
import { identifier } from "./quote.ts";

interface Part {
  kind: string;
  name: string;
  text: string;
}

const part = (kind: string, name: string, ...texts: string[]): string =>
  `SELECT JSON_OBJECT('kind', ${kind}, 'name', ${name}, 'text', CONCAT_WS('\\n', ${texts.length === 0 ? "''" : texts.join(", ")}))`;

/** What stands in no SHOW CREATE, or would come back in other words after a dump. */
const queries: string[] = [
  `${part("'setting'", "'charset'", "DEFAULT_CHARACTER_SET_NAME", "DEFAULT_COLLATION_NAME")} FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()`,
  `${part("'index'", "CONCAT(TABLE_NAME, '.', INDEX_NAME)", "MAX(NON_UNIQUE)", "MAX(INDEX_TYPE)", "GROUP_CONCAT(COALESCE(COLUMN_NAME, '') ORDER BY SEQ_IN_INDEX)")}
     FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() GROUP BY TABLE_NAME, INDEX_NAME`,
  `${part("'constraint'", "CONCAT(TABLE_NAME, '.', CONSTRAINT_NAME)", "CONSTRAINT_TYPE")}
     FROM information_schema.TABLE_CONSTRAINTS WHERE TABLE_SCHEMA = DATABASE() AND CONSTRAINT_TYPE IN ('FOREIGN KEY', 'CHECK')`,
  `${part("'trigger'", "CONCAT(EVENT_OBJECT_TABLE, '.', TRIGGER_NAME)", "ACTION_TIMING", "EVENT_MANIPULATION", "ACTION_ORDER", "DEFINER", "SQL_MODE", "ACTION_STATEMENT")}
     FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()`,
  `${part(
    "LOWER(ROUTINE_TYPE)",
    "ROUTINE_NAME",
    "DTD_IDENTIFIER",
    `(SELECT GROUP_CONCAT(CONCAT_WS(' ', p.PARAMETER_MODE, p.PARAMETER_NAME, p.DTD_IDENTIFIER) ORDER BY p.ORDINAL_POSITION SEPARATOR ', ')
        FROM information_schema.PARAMETERS p WHERE p.SPECIFIC_SCHEMA = r.ROUTINE_SCHEMA AND p.SPECIFIC_NAME = r.SPECIFIC_NAME AND p.ROUTINE_TYPE = r.ROUTINE_TYPE)`,
    "IS_DETERMINISTIC",
    "SQL_DATA_ACCESS",
    "SECURITY_TYPE",
    "DEFINER",
    "SQL_MODE",
    "ROUTINE_COMMENT",
    "ROUTINE_DEFINITION",
  )}
     FROM information_schema.ROUTINES r WHERE ROUTINE_SCHEMA = DATABASE()`,
  `${part("'event'", "EVENT_NAME", "DEFINER", "SQL_MODE", "TIME_ZONE", "EXECUTE_AT", "INTERVAL_VALUE", "INTERVAL_FIELD", "STARTS", "ENDS", "STATUS", "ON_COMPLETION", "EVENT_COMMENT", "EVENT_DEFINITION")}
     FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()`,
];

/** Reads the schema of the session's database. Left out is what a dump does not keep: the next AUTO_INCREMENT, character sets of clients. */
export async function readSchema(session: Session): Promise<Schema> {
  const parts = await session.rows<Part>(queries.join("\nUNION ALL\n"));
  const schema: Schema = Object.fromEntries(parts.map(({ kind, name, text }) => [`${kind}: ${name}`, canonical(text)]));
  for (const { name, kind } of await listRelations(session)) {
    const view = kind === "view";
    const text = await showCreate(session, kind, name, view ? 2 : 0);
    schema[`${kind}: ${name}`] = view ? text : text.replace(/(\n\)[^\n]*?) AUTO_INCREMENT=\d+/, "$1");
  }
  return schema;
}

/** A dump puts a line end behind some bodies. */
function canonical(text: string): string {
  return text.replace(/\s+$/, "");
}

export interface Relation {
  name: string;
  kind: "table" | "view" | "sequence";
}

export async function listRelations(session: Session): Promise<Relation[]> {
  return session.rows<Relation>(
    `SELECT JSON_OBJECT('name', TABLE_NAME, 'kind', CASE TABLE_TYPE WHEN 'VIEW' THEN 'view' WHEN 'SEQUENCE' THEN 'sequence' ELSE 'table' END)
     FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW', 'SEQUENCE') ORDER BY TABLE_NAME`,
  );
}

/** The statement in an answer of SHOW CREATE: behind the name and `before` more columns, in front of `after` ones, none of which holds a tab. */
export async function showCreate(session: Session, kind: string, name: string, after: number, before = 0): Promise<string> {
  const answer = await session.run(`SHOW CREATE ${kind} ${identifier(name)};`);
  let text = answer.slice(name.length + 1);
  for (let column = 0; column < before; column += 1) text = text.slice(text.indexOf("\t") + 1);
  for (let column = 0; column < after; column += 1) text = text.slice(0, text.lastIndexOf("\t"));
  return kind === "view" ? unqualified(text, await session.run("SELECT DATABASE();")) : text;
}

/**
 * A view whose definer has no rights here, as in a scratch database, is shown with its database in front of every name: what is left is
 * what is shown to everybody else. Pure.
 */
export function unqualified(text: string, database: string): string {
  const prefix = `${identifier(database)}.`.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replaceAll(new RegExp(`('(?:[^'\\\\]|\\\\.|'')*')|${prefix}(?=\`)`, "gs"), (_, quoted?: string) => quoted ?? "");
}
