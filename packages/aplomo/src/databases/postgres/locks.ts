import type { Seen } from "../locks.ts";
import type { Session } from "../session.ts";
import { tableKey } from "./quote.ts";
import { systemSchemas } from "./tables.ts";

/** Behind these at least writers wait; behind the last of them readers too. */
const strong = ["ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"];

/** Strong locks that other sessions hold on tables of this database now. Never within a transaction: there the server's activity stands still. */
export async function readLocks(session: Session): Promise<Seen[]> {
  const rows = await session.rows<{ pid: number; schema: string; name: string; mode: string; query: string }>(`
    SELECT l.pid, n.nspname AS schema, c.relname AS name, l.mode, coalesce(a.query, '') AS query
    FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
    WHERE l.granted AND l.locktype = 'relation' AND l.pid <> pg_catalog.pg_backend_pid() AND a.datname = pg_catalog.current_database()
      AND l.mode IN (${strong.map((mode) => `'${mode}'`).join(", ")}) AND c.relkind IN ('r', 'p') AND ${systemSchemas}`);
  return rows.map(({ pid, schema, name, mode, query }) => ({ by: String(pid), table: tableKey(schema, name), mode, statement: query }));
}
