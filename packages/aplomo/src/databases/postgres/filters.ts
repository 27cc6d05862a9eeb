import { AplomoError } from "../../base/errors.ts";
import { decoded, missingTable, oneDatabase, type LineFilter } from "../lines.ts";
import { tableKey } from "./quote.ts";

interface Section {
  name: string;
  type: string;
  schema: string;
}

const comment = /^-- (?:Data for )?Name: (.*); Type: ([A-Z ]+); Schema: (.*); Owner: /s;
const always = /^(?:SCHEMA|EXTENSION|TYPE|SHELL TYPE|DOMAIN|COLLATION|TEXT SEARCH .*|OPERATOR.*|CAST|ACCESS METHOD)$/;
const routines = /^(?:FUNCTION|PROCEDURE|AGGREGATE)$/;

/**
 * One table of a plain pg_dump: its definition, rows, defaults, indexes and constraints; the types it may use, and the functions that
 * are named in any of these. Foreign keys lead to tables that are not there, triggers and policies to what they do: left out.
 */
export function onlyTable(table: string): LineFilter {
  const known = new Set<string>();
  const functions = new Map<string, string>();
  const sequences = new Set<string>();
  let section: Section | undefined;
  let text = "";
  /** The rows of a table pass: they go on at once, or not at all. */
  let rows: boolean | undefined;
  let found = false;

  const keyOf = ({ schema, name }: Section): string => tableKey(schema, name);
  /** `public.people` as statements write it. */
  const mentions = (statement: string, before: string, after: string): boolean => {
    const match = new RegExp(`${before}((?:"(?:[^"]|"")*"|[^\\s".(;]+)\\.(?:"(?:[^"]|"")*"|[^\\s".(;]+))${after}`).exec(statement);
    if (!match) return false;
    const [schema = "", name = ""] = [...(match[1] ?? "").matchAll(/"(?:[^"]|"")*"|[^".]+/g)].map(([part]) =>
      part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part,
    );
    return tableKey(schema, name) === table;
  };

  function wanted(one: Section, statement: string): boolean {
    const { type } = one;
    if (always.test(type)) return true;
    if (type === "TABLE") return known.add(keyOf(one)) && keyOf(one) === table;
    if (type === "DEFAULT" || type === "CONSTRAINT") return mentions(statement, "ALTER TABLE (?:ONLY )?", "\\s");
    if (type === "INDEX") return mentions(statement, " ON (?:ONLY )?", " USING ");
    if (type === "SEQUENCE OWNED BY") return mentions(statement, " OWNED BY ", "\\.");
    if (type === "SEQUENCE") {
      const kept =
        !statement.includes("\nALTER TABLE ") || /\nCREATE SEQUENCE /.test(statement) || mentions(statement, "\nALTER TABLE ", "\\s");
      if (kept) sequences.add(keyOf(one));
      return kept;
    }
    return type === "SEQUENCE SET" && sequences.has(keyOf(one));
  }

  function close(emit: (text: string) => void): void {
    const statement = text;
    text = "";
    if (!section) return emit(statement);
    if (routines.test(section.type)) return void functions.set(decoded(section.name).replace(/\(.*/s, ""), statement);
    const read = decoded(statement);
    if (!wanted(section, read)) return;
    for (const [name, body] of functions) {
      if (!read.includes(name)) continue;
      functions.delete(name);
      emit(body);
    }
    emit(statement);
  }

  return {
    line(line, emit) {
      if (rows !== undefined) {
        if (rows) emit(line);
        if (/^\\\.\r?\n?$/.test(line)) rows = undefined;
        return;
      }
      const match = comment.exec(line);
      if (match) {
        close(emit);
        const [name = "", type = "", schema = ""] = match.slice(1).map(decoded);
        section = { name, type, schema };
      }
      if (section?.type === "TABLE DATA" && line.startsWith("COPY ")) {
        rows = keyOf(section) === table;
        found ||= rows;
        text = "";
        if (rows) emit(line);
      } else text += line;
    },
    end(emit) {
      close(emit);
      if (!found) throw missingTable(table, known);
    },
  };
}

/** A dump of whatever database, for the one it is loaded into. None of psql's own commands is obeyed: one of them starts shells. */
export function anyDatabase(): LineFilter {
  const wants = oneDatabase();
  let rows = false;
  return {
    line(text, emit) {
      if (rows) {
        if (/^\\\.\r?\n?$/.test(text)) rows = false;
        return emit(text);
      }
      if (/^COPY .* FROM stdin;\s*$/i.test(text)) rows = true;
      const connect = /^\\c(?:onnect)? (?:-reuse-previous=on )?(.*?)\s*$/.exec(text)?.[1];
      if (connect !== undefined) return wants(decoded(connect));
      if (/^(?:CREATE|DROP|ALTER) DATABASE /.test(text)) return;
      if (text.startsWith("\\") && !/^\\(?:un)?restrict /.test(text)) {
        throw new AplomoError({
          operation: "load the dump",
          subject: JSON.stringify(decoded(text.trim()).slice(0, 40)),
          cause: "it is a command of psql's, and no dump tool writes that",
          hint: "Look at the file: it may not be what it seems.",
        });
      }
      emit(text);
    },
    end() {},
  };
}
