import { UsageError } from "../base/errors.ts";

/** An option that must be a whole number of at least 1. */
export function wholeNumber(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new UsageError({ operation: "take", subject: `${option} ${text}`, cause: "it is not a whole number above 0" });
}

export function totalRows(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
