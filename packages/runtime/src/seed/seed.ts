import { lineLog, type Log } from "../log.ts";
import { differences } from "./differences.ts";
import type { Row, Store, Tables } from "./store.ts";

/** How a row is recognised, and what of it is not compared. */
export interface EnsureOptions {
  /** The field, or fields, that identify it: `email`, `["clinic", "slug"]`. Best unique in the database too. */
  by: string | string[];
  /** Fields that are never the same twice, such as a password's hash. */
  ignore?: string[];
}

/** Finds the row or creates it, and gives it as the database has it. A row that is there is never changed. */
export type Ensure<Table = string> = (table: Table, options: EnsureOptions, data: Row) => Promise<Row>;

/** What a seed did, by table. */
export interface SeedSummary {
  created: number;
  /** As they would have been created. */
  present: number;
  /** Changed since by a person, and left alone. */
  changed: number;
  tables: Record<string, { created: number; present: number; changed: number }>;
}

export interface SeedOptions {
  /** Where lines go; default standard output. */
  log?: Log;
}

/** Another seed created the same row in the meantime: PostgreSQL, Prisma, MySQL (name and number), SQLite, MongoDB. */
const duplicate = /^(23505|P2002|ER_DUP_ENTRY|1062|SQLITE_CONSTRAINT_UNIQUE|11000)$/;
const tries = 3;

/**
 * Runs a seed in one transaction: `work` says what must be there, and `ensure` creates what is not. Nothing is ever deleted or
 * changed, so it can run at every start. Logs a line for each row that was created or differs, and one with the counts.
 * When another seed runs at once and is first, everything is done again, at most three times: `work` must do nothing but `ensure`.
 * Rejects, with nothing created, when `work` or the database does.
 */
export async function seed<Table>(
  store: Store<Table>,
  work: (ensure: Ensure<Table>) => Promise<void>,
  { log = lineLog("seed") }: SeedOptions = {},
): Promise<SeedSummary> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { summary, lines } = await store.transaction((tables) => once(store, tables, work));
      // Only now is it true.
      for (const line of lines) log("info", line);
      const { created, present, changed } = summary;
      log("info", "done", { created, alreadyThere: present, changedByAPerson: changed });
      return summary;
    } catch (error) {
      if (attempt >= tries || !isDuplicate(error)) throw error;
    }
  }
}

async function once<Table>(
  store: Store<Table>,
  tables: Tables<Table>,
  work: (ensure: Ensure<Table>) => Promise<void>,
): Promise<{ summary: SeedSummary; lines: string[] }> {
  const summary: SeedSummary = { created: 0, present: 0, changed: 0, tables: {} };
  const lines: string[] = [];
  await work(async (table, { by, ignore = [] }, data) => {
    const keys = [by].flat();
    const missing = keys.filter((key) => data[key] === undefined);
    const name = store.nameOf(table);
    if (missing.length > 0) throw new TypeError(`seed: ${name}: the data has no ${missing.join(", ")} to be recognised by`);
    const where = Object.fromEntries(keys.map((key) => [key, data[key]]));
    const count = (summary.tables[name] ??= { created: 0, present: 0, changed: 0 });
    const tally = (what: "created" | "present" | "changed"): void => {
      summary[what] += 1;
      count[what] += 1;
    };
    const subject = `${name} ${keys.map((key) => String(data[key])).join(", ")}`;
    const found = await tables.find(table, where);
    if (!found) {
      const row = await tables.create(table, data);
      tally("created");
      lines.push(`${subject}: created`);
      return row;
    }
    const changed = differences(data, found, [...keys, ...ignore]);
    tally(changed.length > 0 ? "changed" : "present");
    if (changed.length > 0) lines.push(`${subject}: already there, changed by a person and left alone (${changed.join(", ")})`);
    return found;
  });
  return { summary, lines };
}

function isDuplicate(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { code, errno, cause } = error as { code?: unknown; errno?: unknown; cause?: unknown };
  return duplicate.test(String(code)) || duplicate.test(String(errno)) || isDuplicate(cause);
}
