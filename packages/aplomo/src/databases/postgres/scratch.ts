import { identifier, literal } from "./quote.ts";
import type { Session } from "../session.ts";

/** A row of pg_database; which columns there are depends on the server's version. */
export interface DatabaseRow {
  owner: string;
  encoding_name: string;
  tablespace: string;
  datcollate: string;
  datctype: string;
  datlocprovider?: string;
  daticulocale?: string | null;
  datlocale?: string | null;
  daticurules?: string | null;
}

export async function readDatabase(session: Session, name: string): Promise<DatabaseRow | undefined> {
  const [found] = await session.rows<{ row: DatabaseRow }>(`
    SELECT pg_catalog.to_jsonb(d) - 'datacl' || pg_catalog.jsonb_build_object('owner', pg_catalog.pg_get_userbyid(d.datdba),
      'encoding_name', pg_catalog.pg_encoding_to_char(d.encoding), 'tablespace', s.spcname) AS row
    FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace s ON s.oid = d.dattablespace WHERE d.datname = ${literal(name)}`);
  return found?.row;
}

/** An empty database that is in all else like another one. Pure. */
export function createStatement(name: string, like: DatabaseRow): string {
  const parts = [
    `CREATE DATABASE ${identifier(name)} TEMPLATE template0 OWNER ${identifier(like.owner)}`,
    `ENCODING ${literal(like.encoding_name)} LC_COLLATE ${literal(like.datcollate)} LC_CTYPE ${literal(like.datctype)}`,
  ];
  // Naming it takes a right of its own, which an ordinary owner does not have for the usual one.
  if (like.tablespace !== "pg_default") parts.push(`TABLESPACE ${identifier(like.tablespace)}`);
  const locale = like.datlocale ?? like.daticulocale;
  if (like.datlocprovider === "i" && locale) parts.push(`LOCALE_PROVIDER icu ICU_LOCALE ${literal(locale)}`);
  if (like.datlocprovider === "i" && like.daticurules) parts.push(`ICU_RULES ${literal(like.daticurules)}`);
  if (like.datlocprovider === "b" && locale) parts.push(`LOCALE_PROVIDER builtin BUILTIN_LOCALE ${literal(locale)}`);
  return `${parts.join(" ")};`;
}

/**
 * Waits for whoever else makes or drops a database of this name, until the session ends: a server goes on with CREATE DATABASE when its
 * client was killed, and would have it come back after a DROP.
 */
export function lockStatement(name: string): string {
  return `SELECT pg_catalog.pg_advisory_lock(pg_catalog.hashtextextended(${literal(`aplomo ${name}`)}, 0));`;
}

/** Drops a database whoever is connected; nothing when there is none. */
export function dropStatements(name: string): string {
  return `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
      WHERE datname = ${literal(name)} AND backend_type <> 'autovacuum worker';
    DROP DATABASE IF EXISTS ${identifier(name)};`;
}
