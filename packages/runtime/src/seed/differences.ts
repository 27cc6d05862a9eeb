import type { Row } from "./store.ts";

/** The fields of `data`, without those left out, whose value in `row` means something else. */
export function differences(data: Row, row: Row, leftOut: string[]): string[] {
  return Object.keys(data).filter((field) => !leftOut.includes(field) && data[field] !== undefined && !same(data[field], row[field]));
}

/** Equal in meaning: drivers give decimals as text, booleans as 0 and 1, dates as dates or text, JSON parsed or not. */
function same(wanted: unknown, found: unknown): boolean {
  if (wanted === found) return true;
  if (wanted === null || found === null || found === undefined) return false;
  if (wanted instanceof Date || found instanceof Date) return time(wanted) === time(found);
  if (typeof wanted === "boolean" || typeof wanted === "number" || typeof wanted === "bigint") return number(wanted) === number(found);
  if (Buffer.isBuffer(wanted)) return Buffer.isBuffer(found) && wanted.equals(found);
  if (typeof wanted === "object") return stable(wanted) === stable(parsed(found));
  if (wanted === text(found)) return true;
  // A driver's own class for decimals drops zeros at the end.
  return typeof found === "object" && wanted !== "" && Number(wanted) === Number(text(found));
}

/** What a decimal or an id of a driver's own class says of itself. */
function text(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "").replace(/^"|"$/g, "");
}

function time(value: unknown): number {
  return value instanceof Date ? value.getTime() : new Date(String(value)).getTime();
}

function number(value: unknown): number {
  if (value === "t" || value === "true") return 1;
  return value === "f" || value === "false" ? 0 : Number(value);
}

function parsed(value: unknown): unknown {
  try {
    return typeof value === "string" ? (JSON.parse(value) as unknown) : value;
  } catch {
    return value;
  }
}

/** JSON with its keys sorted: databases do not keep their order. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
