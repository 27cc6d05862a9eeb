import { splitStatements } from "../databases/statements.ts";

/**
 * Pure: whether a file of MariaDB's or MySQL's SQL is one statement of those that their servers do as a whole or not at all. What is left out
 * here may be done so too; nobody relies on it.
 */
export function isWhole(text: string): boolean {
  return isWholeChange(text) || isWholeWrite(text);
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

/** Without what may stand before it; empty when there are several. */
function onlyOne(text: string): string {
  const [statement = "", ...others] = splitStatements(text, "mysql");
  if (others.length > 0) return "";
  let rest = statement;
  for (let before = ""; before !== rest;) {
    before = rest;
    rest = rest.replace(/^\s+|^(?:#|--\s)[^\n]*(\n|$)|^\/\*(?!!)[\s\S]*?\*\//, "");
  }
  return rest;
}
