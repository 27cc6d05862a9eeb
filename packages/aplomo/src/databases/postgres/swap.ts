import { randomBytes } from "node:crypto";
import { AplomoError } from "../../base/errors.ts";
import { identifier, literal, settingClause } from "./quote.ts";
import type { Session } from "../session.ts";

/** Names on the server. */
export interface Swap {
  live: string;
  scratch: string;
  kept: string;
}

/** What belongs to the database itself and no dump of it holds. */
interface Settings {
  owner: string;
  limit: number;
  comment: string | null;
  /** Null: as a new database has them. */
  grants: { grantee: string | null; privilege: string; grantable: boolean }[] | null;
  settings: { role: string | null; entries: string[] }[];
}

/**
 * The scratch database becomes the live one. The session is connected to neither.
 *
 * Between the fence and the end the server works on its own, so the death of this process leaves no fence, and a failure takes
 * it away. The fence is not flushed to disk; should a server that crashes come back with it all the same, `liftFence` takes it away.
 */
export async function swapDatabases(session: Session, names: Swap, subject: string): Promise<void> {
  const wanted = [names.live, names.scratch, names.kept].map(literal).join(", ");
  const found = await session.rows<{ name: string }>(`SELECT datname AS name FROM pg_catalog.pg_database WHERE datname IN (${wanted})`);
  const exists = (name: string): boolean => found.some((row) => row.name === name);
  if (exists(names.live) && exists(names.kept) && !exists(names.scratch)) {
    for (const name of [names.live, names.kept]) await session.run(`ALTER DATABASE ${identifier(name)} ALLOW_CONNECTIONS true;`);
    return;
  }
  const missing = exists(names.live) ? (exists(names.scratch) ? undefined : names.scratch) : names.live;
  const cause = missing === undefined ? `a database ${names.kept} exists already` : `there is no database ${missing}`;
  if (missing !== undefined || exists(names.kept)) throw new AplomoError({ operation: "swap", subject, cause });
  const [prepared] = await session.rows<{ gid: string }>(
    `SELECT gid FROM pg_catalog.pg_prepared_xacts WHERE database IN (${literal(names.live)}, ${literal(names.scratch)})`,
  );
  if (prepared) {
    throw new AplomoError({
      operation: "swap",
      subject,
      cause: `the prepared transaction ${prepared.gid} is open in it`,
      hint: `End it: COMMIT PREPARED or ROLLBACK PREPARED ${literal(prepared.gid)}.`,
    });
  }
  await session.run(swapStatement(names, await readSettings(session, names.live), randomBytes(6).toString("hex")));
}

/** Says on the scratch database, while the fence stands, whose it is. */
const mark = (live: string): string => `aplomo: about to become ${live}`;

/**
 * Lets connections in again when a swap that nobody works on any more has left its fence; an administrator's own is left alone. True: they
 * are let in, perhaps since somebody else has done it meanwhile.
 */
export async function liftFence(session: Session, live: string): Promise<boolean> {
  const [found] = await session.rows(`
    SELECT 1 FROM pg_catalog.pg_database d JOIN pg_catalog.pg_database s ON pg_catalog.shobj_description(s.oid, 'pg_database') = ${literal(mark(live))}
    WHERE d.datname = ${literal(live)} AND NOT d.datallowconn
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity WHERE query LIKE 'DO $aplomo\\_%' AND state = 'active')`);
  if (found) await session.run(`ALTER DATABASE ${identifier(live)} ALLOW_CONNECTIONS true;`);
  const [open] = await session.rows(`SELECT 1 FROM pg_catalog.pg_database WHERE datname = ${literal(live)} AND datallowconn`);
  return open !== undefined;
}

async function readSettings(session: Session, database: string): Promise<Settings> {
  return session.row<Settings>(`
    SELECT pg_catalog.pg_get_userbyid(d.datdba) AS owner, d.datconnlimit AS "limit", pg_catalog.shobj_description(d.oid, 'pg_database') AS comment,
      CASE WHEN d.datacl IS NOT NULL THEN (SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object('grantee', r.rolname,
          'privilege', g.privilege_type, 'grantable', g.is_grantable)), '[]')
        FROM pg_catalog.aclexplode(d.datacl) g LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.grantee) END AS grants,
      (SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object('role', r.rolname, 'entries', s.setconfig)), '[]')
        FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole WHERE s.setdatabase = d.oid) AS settings
    FROM pg_catalog.pg_database d WHERE d.datname = ${literal(database)}`);
}

/** Gives a database the settings of another. Pure. */
function settingStatements(database: string, { owner, limit, grants, settings }: Settings): string[] {
  const name = identifier(database);
  const statements = [`ALTER DATABASE ${name} CONNECTION LIMIT ${limit}`, `ALTER DATABASE ${name} RESET ALL`];
  if (grants !== null) statements.push(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC, ${identifier(owner)}`);
  for (const { grantee, privilege, grantable } of grants ?? []) {
    const to = grantee === null ? "PUBLIC" : identifier(grantee);
    statements.push(`GRANT ${privilege} ON DATABASE ${name} TO ${to}${grantable && grantee !== owner ? " WITH GRANT OPTION" : ""}`);
  }
  for (const { role, entries } of settings) {
    const whose = role === null ? `ALTER DATABASE ${name}` : `ALTER ROLE ${identifier(role)} IN DATABASE ${name}`;
    statements.push(...entries.map((entry) => `${whose} ${settingClause(entry)}`));
  }
  return statements;
}

/** Milliseconds for which the whole server's new connections wait at most: for that lock, and until the sessions have ended. */
const lockWait = 300;
const lockedFor = 1_000;
/** And for which a fence refuses those of the one database. */
const fencedFor = 3_000;

/**
 * The whole exchange as one statement, which the server carries through without us; the commit at the end is the one that flushes.
 *
 * Who connects looks the name up first. While pg_database is locked he waits there, and then finds the new database: a client loses the query
 * that was under way and no more. Only a superuser may lock it, and somebody may have read it in a transaction that goes on; then, and
 * when sessions do not end, new connections are refused by a fence instead. Nothing else is waited for meanwhile. Pure.
 */
export function swapStatement({ live, scratch, kept }: Swap, settings: Settings, tag: string): string {
  const execute = (statement: string): string => `EXECUTE ${literal(statement)};`;
  const allow = (name: string, allowed: boolean): string => execute(`ALTER DATABASE ${identifier(name)} ALLOW_CONNECTIONS ${allowed}`);
  const say = (name: string, text: string | null): string =>
    execute(`COMMENT ON DATABASE ${identifier(name)} IS ${text === null ? "NULL" : literal(text)}`);
  const before = settingStatements(scratch, settings).map(execute);
  const names = `${literal(live)}, ${literal(scratch)}`;
  const exchange = (limit: number): string => `begun := pg_catalog.clock_timestamp();
    LOOP
      PERFORM pg_catalog.pg_stat_clear_snapshot();
      -- Who has just found the old one is not listed yet, but has locked it. Autovacuum leaves by itself, and may not be ended by everybody.
      SELECT coalesce(pg_catalog.array_agg(pid), '{}') INTO listed FROM (
        SELECT pid FROM pg_catalog.pg_stat_activity WHERE datname IN (${names}) AND backend_type <> 'autovacuum worker'
        UNION SELECT l.pid FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.objid
          WHERE l.locktype = 'object' AND l.classid = 'pg_catalog.pg_database'::pg_catalog.regclass AND d.datname IN (${names})
            AND l.pid <> pg_catalog.pg_backend_pid() AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.pid = l.pid AND a.datid IS NOT NULL)) s;
      sessions := sessions || listed;
      -- It is asked again until it says false: no longer listed, a session still stands in the way of a rename for a moment.
      PERFORM FROM pg_catalog.unnest(sessions) s WHERE pg_catalog.pg_terminate_backend(s);
      EXIT WHEN NOT FOUND;
      IF pg_catalog.clock_timestamp() > begun + interval '${limit} ms' THEN RAISE EXCEPTION 'its sessions do not end: %', sessions; END IF;
      PERFORM pg_catalog.pg_sleep(0.001);
    END LOOP;
    ${execute(`ALTER DATABASE ${identifier(live)} RENAME TO ${identifier(kept)}`)}
    ${execute(`ALTER DATABASE ${identifier(scratch)} RENAME TO ${identifier(live)}`)}
    ${say(live, settings.comment)}`;
  return `DO $aplomo_${tag}$
DECLARE failure text; listed int[]; sessions int[] := '{}'; begun timestamptz;
BEGIN
  PERFORM pg_catalog.set_config('client_min_messages', 'error', false), pg_catalog.set_config('synchronous_commit', 'off', false);
  ${[allow(scratch, true), ...before].join("\n  ")}
  ${say(scratch, mark(live))}
  COMMIT;
  BEGIN
    PERFORM pg_catalog.set_config('lock_timeout', '${lockWait}', true);
    LOCK TABLE pg_catalog.pg_database IN ACCESS EXCLUSIVE MODE;
    ${exchange(lockedFor)}
  EXCEPTION WHEN OTHERS THEN failure := SQLERRM;
  END;
  IF failure IS NOT NULL THEN
    failure := NULL;
    ${allow(live, false)}
    COMMIT;
    BEGIN
    ${exchange(fencedFor)}
    EXCEPTION WHEN query_canceled OR OTHERS THEN failure := SQLERRM;
    END;
    IF failure IS NOT NULL THEN
      ${allow(live, true)}
      COMMIT;
      RAISE EXCEPTION '%', failure;
    END IF;
  END IF;
  COMMIT;
  PERFORM pg_catalog.set_config('synchronous_commit', 'on', false);
  ${allow(kept, true)}
END $aplomo_${tag}$;`;
}
