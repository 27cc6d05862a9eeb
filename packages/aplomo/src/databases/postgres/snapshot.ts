import { randomBytes } from "node:crypto";
import { reason } from "../../base/errors.ts";
import type { Context } from "../../host/context.ts";
import type { Schema, Snapshot } from "../contract.ts";
import { dumpCommand, psqlCommand, type Client } from "./client.ts";
import { openHolding } from "./hold.ts";
import { literal } from "./quote.ts";
import { countObjects, readSchema } from "./schema.ts";
import { Session } from "../session.ts";
import { psqlTalk } from "./session.ts";
import { countRows, hashRows } from "./tables.ts";

/** Milliseconds for which tables that somebody else has locked are waited for, unless the caller says otherwise. */
const lockPatience = 60_000;

/** One session keeps a snapshot open and counts in it, while pg_dump reads the very same one. */
export async function openSnapshot(ctx: Context, client: Client, subject: string, patience = lockPatience): Promise<Snapshot> {
  const application = `aplomo_${randomBytes(6).toString("hex")}`;
  const session = await openHolding(ctx, client, subject, patience);
  try {
    const { id } = await session.row<{ id: string }>("SELECT pg_catalog.pg_export_snapshot() AS id");
    let schema: Promise<Schema> | undefined;
    const readOnce = (): Promise<Schema> => (schema ??= readSchema(session));
    let closing: Promise<void> | undefined;
    return {
      source: { kind: "program", command: dumpCommand(client, id, application) },
      id,
      counts: () => countRows(session),
      checksums: () => hashRows(session),
      schema: readOnce,
      objects: async () => countObjects(session, await readOnce()),
      // Its locks came after ours, and somebody's between the two, who waits for us: it names the statement, in any language.
      disturbed: (failure) => reason(failure).includes("IN ACCESS SHARE MODE"),
      close: () => (closing ??= close(ctx, client, session, application, subject)),
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** A pg_dump inside a container outlives the client that started it, and would keep its locks: the server ends it. */
async function close(ctx: Context, client: Client, session: Session, application: string, subject: string): Promise<void> {
  const ended = !client.inside || (await endDump(session, application));
  await session.close();
  if (ended) return;
  const fresh: Context = { ...ctx, signal: AbortSignal.timeout(30_000) };
  try {
    await Session.use(fresh, psqlTalk, psqlCommand(client, client.database), subject, (ending) => ending.run(endStatement(application)));
  } catch {
    // A server that cannot be reached has no dump under way either.
  }
}

/** In the snapshot's own session while that still answers; it may be waiting for a count, or gone. */
async function endDump(session: Session, application: string): Promise<boolean> {
  if (!session.idle) return false;
  return session.run(endStatement(application)).then(
    () => true,
    () => false,
  );
}

function endStatement(application: string): string {
  return `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE application_name = ${literal(application)};`;
}
