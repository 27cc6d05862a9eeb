import type { Column, Columns, Schema } from "../../databases/contract.ts";

/** What a schema was before and after. */
export interface Shape {
  columns: Columns;
  schema: Schema;
}

/**
 * Pure: what a program that knew the schema of before may no longer read or write, whatever it was asked while it was probed: a probe
 * reads, and people write.
 */
export function narrowings(before: Shape, after: Shape): string[] {
  const found = Object.entries(before.columns).flatMap(([table, columns]) => {
    const now = after.columns[table];
    return now ? columnNarrowings(table, columns, now) : [`${table} is gone`];
  });
  return [...found, ...newRules(before, after)].toSorted();
}

function columnNarrowings(table: string, before: Record<string, Column>, after: Record<string, Column>): string[] {
  const changed = Object.entries(before).flatMap(([name, was]) => {
    const now = after[name];
    const subject = `${table}.${name}`;
    if (!now) return [`${subject} is gone`];
    if (!holds(now.type, was.type)) return [`${subject} was ${was.type}, and is ${now.type}`];
    if (was.nullable && !now.nullable) return [`${subject} takes no NULL any more`];
    return was.filled && !now.filled && !now.nullable ? [`${subject} has no default any more`] : [];
  });
  const required = Object.entries(after).filter(([name, { nullable, filled }]) => !(name in before) && !nullable && !filled);
  return [...changed, ...required.map(([name]) => `${table}.${name} is new, takes no NULL, and has no default`)];
}

/** Unique indexes and constraints on tables that were there: rows of before may not be written any more. */
function newRules(before: Shape, after: Shape): string[] {
  return Object.entries(after.schema).flatMap(([part, text]) => {
    const [, kind = "", name = ""] = /^(constraint|index): (.*)$/s.exec(part) ?? [];
    const strict = kind === "constraint" || /^CREATE UNIQUE INDEX |^0\n/.test(text);
    if (kind === "" || !strict || before.schema[part] === text) return [];
    const on = kind === "index" ? (/^CREATE UNIQUE INDEX .*? ON (?:ONLY )?(\S+)/s.exec(text)?.[1] ?? name) : name;
    const table = Object.keys(before.columns).find(
      (one) => on === one || [".", " "].some((mark) => bare(on).startsWith(`${one}${mark}`)) || bare(on) === one,
    );
    return table === undefined ? [] : [`${table} has a rule more: ${name}`];
  });
}

function bare(name: string): string {
  return name.replace(/^public\./, "");
}

const whole = ["smallint", "integer", "bigint"];

/** Whether every value of a type fits in another one as it is. */
function holds(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  const [w, n] = [wide, narrow].map((type) => /^(character varying|varchar|varbinary|bit varying)(?:\((\d+)\))?$/.exec(type));
  if (n && (wide === "text" || wide === "longtext" || wide === "mediumtext")) return n[1] !== "varbinary" && n[1] !== "bit varying";
  if (w && n) return w[1] === n[1] && (w[2] === undefined || Number(w[2]) >= Number(n[2] ?? Number.POSITIVE_INFINITY));
  const ranks = [wide, narrow].map((type) =>
    whole.indexOf(
      type
        .replace(/^int\b/, "integer")
        .replace(/\(\d+\)/, "")
        .replace(/^tinyint/, "smallint"),
    ),
  );
  return ranks.every((rank) => rank >= 0) && (ranks[0] ?? 0) >= (ranks[1] ?? 0) && unsigned(wide) === unsigned(narrow);
}

const unsigned = (type: string): boolean => type.includes("unsigned");
