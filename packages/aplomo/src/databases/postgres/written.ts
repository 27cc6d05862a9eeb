import { AplomoError } from "../../base/errors.ts";
import type { Counts, Mark } from "../contract.ts";
import type { Session } from "../session.ts";
import { aggregate, listTables, type Table } from "./tables.ts";

/**
 * Every row carries, as xmin, the number of the transaction that wrote it. A mark is the first number that nobody had used
 * yet, and how many rows there were; whatever row has a later number was written since, and rows of before that are missing
 * were changed or removed.
 *
 * A transaction under way at the mark has an earlier number and commits later: then its number is the mark, which counts
 * rows of others that had just been committed too. Those of other databases on the server cannot write here.
 */
const standing = `
  SELECT pg_catalog.txid_snapshot_xmax(s)::text AS next,
    coalesce((SELECT min(x) FROM pg_catalog.txid_snapshot_xip(s) x
      WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a
          WHERE a.backend_xid::text = (x % 4294967296)::text AND a.datname <> pg_catalog.current_database())
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_prepared_xacts p
          WHERE p.transaction::text = (x % 4294967296)::text AND p.database <> pg_catalog.current_database())),
      pg_catalog.txid_snapshot_xmax(s))::text AS since,
    (SELECT system_identifier::text FROM pg_catalog.pg_control_system()) AS server
  FROM pg_catalog.txid_current_snapshot() s`;

interface Standing {
  next: string;
  since: string;
  server: string;
}

/** Content of large objects has no table of its own. Reading it is for superusers; making and removing them is seen by all. */
const largeObjects = `SELECT CASE WHEN pg_catalog.has_table_privilege('pg_catalog.pg_largeobject', 'SELECT') THEN 'pg_largeobject' ELSE 'pg_largeobject_metadata' END AS name`;

/** Runs inside a transaction that reads one snapshot. */
export async function takeMark(session: Session): Promise<Mark> {
  const { next, since, server } = await session.row<Standing>(standing);
  const rows = await split(session, next, since);
  return { server, since, rows: Object.fromEntries(Object.entries(rows).map(([key, { old }]) => [key, old])) };
}

export async function readWritten(session: Session, mark: Mark): Promise<Counts> {
  const { server, since, rows: before } = mark;
  if (typeof since !== "string" || typeof before !== "object") {
    throw new AplomoError({ operation: "read", subject: "the mark of a PostgreSQL database", cause: "it has not the form of one" });
  }
  const now = await session.row<Standing>(standing);
  // Another server, or one that was set back: its numbers say nothing, so everything counts as written.
  const from = now.server === server && BigInt(now.next) >= BigInt(since) ? since : "0";
  const rows = await split(session, now.next, from);
  const written: Counts = {};
  for (const key of new Set([...Object.keys(rows), ...Object.keys(before)])) {
    const { fresh = 0, old = 0 } = rows[key] ?? {};
    const count = fresh + Math.max(0, ((before as Counts)[key] ?? 0) - old);
    if (count > 0) written[key] = count;
  }
  return written;
}

async function split(session: Session, next: string, since: string): Promise<Record<string, { fresh: number; old: number }>> {
  const { name } = await session.row<{ name: string }>(largeObjects);
  const tables: Table[] = [...(await listTables(session)), { schema: "pg_catalog", name, key: "(large objects)", columns: [] }];
  const fresh = isFresh(BigInt(next), BigInt(since));
  const expression = `count(*) FILTER (WHERE ${fresh})::text || ':' || count(*) FILTER (WHERE NOT ${fresh})::text`;
  return aggregate(
    session,
    tables,
    () => expression,
    (values) => {
      const pairs = values.map((value) => value.split(":").map(Number));
      return { fresh: total(pairs.map(([count]) => count ?? 0)), old: total(pairs.map(([, count]) => count ?? 0)) };
    },
  );
}

const total = (numbers: number[]): number => numbers.reduce((sum, number) => sum + number, 0);
const cycle = 2n ** 32n;

/**
 * A condition on a row: its transaction is `since` or later, and before `next`. A row keeps the last 32 bits only, so the
 * distance to `next` is taken on the circle. Numbers below 3 are the server's own. Pure.
 */
export function isFresh(next: bigint, since: bigint): string {
  const span = next - since;
  if (span >= cycle) return "true";
  const number = "t.xmin::text::bigint";
  return `(${number} >= 3 AND (${next % cycle} - ${number} + ${cycle}) % ${cycle} BETWEEN 1 AND ${span})`;
}
