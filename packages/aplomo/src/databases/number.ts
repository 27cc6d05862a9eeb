import { AplomoError } from "../base/errors.ts";

/** The one number in an answer; an answer that is anything else is an error that shows it. */
export function oneNumber(rows: Record<string, unknown>[], query: string, subject: string): number {
  const values = rows.flatMap((row) => Object.values(row));
  const value = typeof values[0] === "string" && values[0].trim() !== "" ? Number(values[0]) : values[0];
  if (rows.length === 1 && values.length === 1 && typeof value === "number" && Number.isFinite(value)) return value;
  throw new AplomoError({
    operation: "take a number from",
    subject,
    cause: `${query.trim()} gave ${JSON.stringify(rows.slice(0, 3)).slice(0, 200)}`,
    hint: "Write a query that yields one row with one number.",
  });
}

/** A query as a part of another one: without the semicolon, and with a line end in case it closes with a comment. */
export function nested(query: string): string {
  return `(${query.trim().replace(/;\s*$/, "")}\n)`;
}
