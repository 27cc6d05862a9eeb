import { AplomoError, reason } from "../../base/errors.ts";
import { delay } from "../../base/time.ts";
import type { Context } from "../../host/context.ts";
import { Session } from "../session.ts";
import { psqlCommand, type Client } from "./client.ts";
import { qualified } from "./quote.ts";
import { psqlTalk } from "./session.ts";
import { ofExtension, systemSchemas } from "./tables.ts";

/** A transaction that sees one moment and writes nothing. */
export const readOnly = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;";
const retryMs = 200;
/** What pg_dump locks too. */
const locked = `SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND ${systemSchemas} AND NOT ${ofExtension("pg_class", "c.oid")} ORDER BY c.oid`;

/** Somebody else holds a lock that is in the way, or the table was dropped a moment ago: by code, for a server may speak any language. */
const inTheWay = /ERROR:\s+(?:55P03|42P01)/;

/**
 * A session in a transaction that keeps every table from being emptied, altered or dropped, and has not looked at any yet: what it sees
 * begins with its next query. Nothing is waited for while a lock is held, so nobody and this session ever wait for each other.
 */
export async function openHolding(ctx: Context, client: Client, subject: string, patience: number): Promise<Session> {
  const until = performance.now() + patience;
  for (;;) {
    const session = await Session.open(ctx, psqlTalk, psqlCommand(client, client.database), subject);
    try {
      const tables = await session.rows<{ schema: string; name: string }>(locked);
      const names = tables.map(({ schema, name }) => `ONLY ${qualified(schema, name)}`);
      const lock = names.length === 0 ? "" : `LOCK TABLE ${names.join(", ")} IN ACCESS SHARE MODE NOWAIT;`;
      await session.run(`${readOnly}\n\\set VERBOSITY verbose\n${lock}\n\\set VERBOSITY default`);
      return session;
    } catch (error) {
      await session.close();
      ctx.signal.throwIfAborted();
      if (!inTheWay.test(reason(error))) throw error;
      if (performance.now() > until) throw refused(error, subject, patience);
      await delay(retryMs, ctx.signal);
    }
  }
}

function refused(error: unknown, subject: string, patience: number): AplomoError {
  const relation = /"([^"]*)"/.exec(reason(error))?.[1];
  return new AplomoError({
    operation: "take a consistent snapshot of",
    subject,
    cause: `for ${patience / 1_000} s somebody else has locked ${relation === undefined ? "a table" : `table ${relation}`} against reading`,
    hint: "Look in pg_stat_activity for a migration or another statement that alters it, and back up when it is done.",
  });
}
