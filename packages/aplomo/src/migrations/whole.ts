import { splitStatements } from "../databases/statements.ts";

/**
 * Pure: whether a file of MariaDB's or MySQL's SQL is one statement of those that their servers do as a whole or not at all. What is left out
 * here may be done so too; nobody relies on it.
 */
export function isWhole(text: string): boolean {
  return isWholeChange(text) || isWholeWrite(text);
}

/**
 * Pure: whether a file of PostgreSQL's or SQLite's SQL takes itself back when it fails, or leaves what does nobody harm: with `-- no transaction`
 * alone what cannot be in one, an index made or dropped on the side, a word more in an enumeration.
 */
export function takesItselfBack(text: string): boolean {
  if (!isOutside(text)) return true;
  const statements = splitStatements(text, "standard").map(bare);
  const harmless = /^((create\s+(unique\s+)?|drop\s+)index\s+concurrently|reindex|vacuum|analyze|alter\s+type\s[^;]*\sadd\s+value)\b/i;
  return statements.length <= 1 || statements.every((statement) => harmless.test(statement));
}

/** It asks to be run statement by statement. */
export function isOutside(text: string): boolean {
  return /^--\s*no transaction\b/i.test(text);
}

/** It changes a schema, and commits by itself. */
function isWholeChange(text: string): boolean {
  const statement = onlyOne(text);
  if (/^create\s+table\b/i.test(statement)) return !/\bselect\b/i.test(statement);
  // Partitions are exchanged, made and dropped in steps of their own.
  return (
    /^(alter\s+table|create\s+(unique\s+|fulltext\s+|spatial\s+)?index|drop\s+index)\b/i.test(statement) && !/\bpartition/i.test(statement)
  );
}

/** It changes rows, and shares a transaction. */
export function isWholeWrite(text: string): boolean {
  return /^(insert|update|delete|replace)\b/i.test(onlyOne(text));
}

/** Empty when there are several. */
function onlyOne(text: string): string {
  const [statement = "", ...others] = splitStatements(text, "mysql");
  return others.length > 0 ? "" : bare(statement);
}

/** Without the comments that stand before it; what MySQL reads in them (`/*!`) counts. */
function bare(statement: string): string {
  let rest = statement;
  for (let before = ""; before !== rest;) {
    before = rest;
    rest = rest.replace(/^\s+|^(?:#|--\s)[^\n]*(\n|$)|^\/\*(?!!)[\s\S]*?\*\//, "");
  }
  return rest;
}
