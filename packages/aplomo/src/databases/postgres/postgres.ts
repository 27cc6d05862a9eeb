import { AplomoError } from "../../base/errors.ts";
import { poll } from "../../base/time.ts";
import type { Config } from "../../config/config.ts";
import type { Context } from "../../host/context.ts";
import type { Command } from "../../host/run.ts";
import { refuseOthers, type Database, type DatabaseFacts } from "../contract.ts";
import { nested, oneNumber } from "../number.ts";
import { fingerprintOf } from "../schema.ts";
import { openAside } from "./aside.ts";
import { watchLocks } from "../locks.ts";
import { clientCommand, loadCommand, psqlCommand, type Client } from "./client.ts";
import { readOnly } from "./hold.ts";
import { readLocks } from "./locks.ts";
import { literal } from "./quote.ts";
import { maintenance, mend, reach as find, type Reached } from "./reach.ts";
import { makeRoles, readRoles } from "./roles.ts";
import { createStatement, dropStatements, lockStatement, readDatabase } from "./scratch.ts";
import { countObjects, readSchema } from "./schema.ts";
import { Session } from "../session.ts";
import { psqlTalk } from "./session.ts";
import { openSnapshot } from "./snapshot.ts";
import { swapDatabases } from "./swap.ts";
import { applyTexts } from "./apply.ts";
import { countRows, hashRows, readColumns, readSequences, readTables } from "./tables.ts";
import { newestTools } from "./tools.ts";
import { readWritten, takeMark } from "./written.ts";

/** Milliseconds a server that crashed within a swap is waited for. */
const recoveryMs = 30_000;

export function openPostgres(ctx: Context, config: Config, name: string): Database {
  const subject = `database ${name}`;
  let found: Promise<Reached> | undefined;
  // Kept while it answers: finding it costs two programs. `check` looks anew.
  const reach = (): Promise<Reached> =>
    (found ??= find(ctx, config, name).catch((error: unknown) => ((found = undefined), Promise.reject(error as Error))));

  type Target = (reached: Reached) => string;
  const live: Target = ({ client }) => client.database;
  const server: Target = ({ client }) => maintenance(client);

  async function within<T>(target: Target, work: (session: Session) => Promise<T>, by: Context = ctx): Promise<T> {
    const reached = await reach();
    try {
      return await Session.use(by, psqlTalk, psqlCommand(reached.client, target(reached)), subject, work);
    } catch (error) {
      // The container may have been made anew.
      found = undefined;
      throw error;
    }
  }
  const reading = <T>(scratch: string | undefined, work: (session: Session) => Promise<T>): Promise<T> =>
    within(scratch === undefined ? live : ({ place }) => place(scratch), async (session) => {
      await session.run(readOnly);
      return work(session);
    });

  return {
    name,
    engine: "postgres",
    capabilities: {
      sql: true,
      transactionalDdl: true,
      swapNeedsStop: false,
      extension: "sql",
      lockTimeoutEnv: (ms) => ({ PGOPTIONS: `-c lock_timeout=${ms}` }),
    },
    async check(): Promise<DatabaseFacts> {
      found = undefined;
      const { version, tool, client, bytes } = await reach();
      return { server: `PostgreSQL ${version}`, tool: `pg_dump ${tool} in ${client.where}`, bytes };
    },
    snapshot: async (wanted) => openSnapshot(ctx, (await reach()).client, subject, wanted?.patience),
    counts: (scratch) => reading(scratch, countRows),
    objects: (scratch) => reading(scratch, async (session) => countObjects(session, await readSchema(session))),
    sequences: (scratch) => reading(scratch, readSequences),
    schema: (scratch) => reading(scratch, readSchema),
    columns: (scratch) => reading(scratch, readColumns),
    fingerprint: async (scratch) => fingerprintOf(await reading(scratch, readSchema)),
    checksums: (scratch) => reading(scratch, hashRows),
    number: (query, scratch) => reading(scratch, (session) => askNumber(session, query, subject)),
    read: (wanted, scratch) => reading(scratch, (session) => readTables(session, wanted)),
    async apply(texts, options, scratch) {
      const by = { ...ctx, signal: AbortSignal.any([ctx.signal, AbortSignal.timeout(options.limit)]) };
      const target: Target = scratch === undefined ? live : ({ place }) => place(scratch);
      await within(target, (session) => applyTexts(session, texts, options), by);
    },
    roles: () => within(live, readRoles),
    makeRoles: (roles) => within(live, (session) => makeRoles(session, roles)),
    watchLocks: (scratch) =>
      watchLocks((work) => {
        const target: Target = scratch === undefined ? live : ({ place }) => place(scratch);
        return within(target, (session) => work(() => readLocks(session)));
      }),
    async createScratch(scratch) {
      refuseOthers("create the scratch database", scratch);
      const { client, place } = await reach();
      await within(server, async (session) => {
        const like = await readDatabase(session, client.database);
        if (!like) throw new AplomoError({ operation: "read", subject, cause: `the server has no database ${client.database}` });
        await session.run(lockStatement(place(scratch)));
        await session.run(dropStatements(place(scratch)));
        await session.run(createStatement(place(scratch), like));
      });
    },
    async loader(scratch) {
      refuseOthers("load", scratch);
      const { client, place } = await reach();
      return { kind: "program", command: loadCommand(client, place(scratch)) };
    },
    async aside(bytes) {
      const { client, version } = await reach();
      return openAside(ctx, config, name, bytes, client, Number.parseInt(version, 10), openPostgres);
    },
    archiveReader: async (format, path) => archiveReader(ctx, (await reach()).client, format, path),
    async dropScratch(scratch) {
      refuseOthers("drop", scratch);
      const { place } = await reach();
      // Also after Ctrl-C: what was made is taken away.
      const by = ctx.signal.aborted ? { ...ctx, signal: AbortSignal.timeout(60_000) } : ctx;
      await within(server, (session) => session.run(`${lockStatement(place(scratch))}${dropStatements(place(scratch))}`), by);
    },
    place: async (scratch) => (await reach()).place(scratch),
    async listScratch() {
      const { end } = await reach();
      const pattern = `aplomo\\_%${end.replaceAll("_", "\\_")}`;
      const rows = await within(server, (session) =>
        session.rows<{ name: string }>(
          `SELECT datname AS name FROM pg_catalog.pg_database WHERE datname LIKE ${literal(pattern)} ORDER BY 1`,
        ),
      );
      return rows.map((row) => row.name.slice(0, -end.length));
    },
    async swap(scratch, kept) {
      refuseOthers("swap", scratch);
      refuseOthers("keep the live database as", kept);
      const { client, place } = await reach();
      const names = { live: client.database, scratch: place(scratch), kept: place(kept) };
      try {
        await within(server, (session) => swapDatabases(session, names, subject));
      } catch (error) {
        // The server may have crashed while it refused connections: it is waited for, and they are let in again.
        const by = { ...ctx, signal: AbortSignal.timeout(recoveryMs) };
        const lift = (): Promise<true | undefined> =>
          mend(by, client).then(
            () => true,
            () => undefined,
          );
        await poll(lift, { limit: recoveryMs, every: 500 });
        throw error;
      }
    },
    mark: () => reading(undefined, takeMark),
    writtenSince: (mark) => reading(undefined, (session) => readWritten(session, mark)),
  };
}

async function askNumber(session: Session, query: string, subject: string): Promise<number> {
  // The app's own search_path, as whoever wrote the query had it. \gexec hands the text to the server as it is: nothing in
  // it can become a command of psql.
  await session.run("RESET search_path;");
  const wrapped = `SELECT pg_catalog.json_agg(pg_catalog.row_to_json(q)) FROM ${nested(query)} q`;
  const answer = await session.run(`SELECT ${literal(wrapped)} \\gexec`);
  return oneNumber(answer === "" ? [] : (JSON.parse(answer) as Record<string, unknown>[]), query, subject);
}

/** A folder is read on this machine, whose programs are taken then; an archive comes through standard input, wherever the programs are. */
async function archiveReader(ctx: Context, client: Client, format: "custom" | "directory", path: string): Promise<Command> {
  const flags = ["--no-owner", "--no-acl", "-f", "-"];
  if (format === "custom") return clientCommand({ ...client, user: null }, "pg_restore", flags);
  const bin = !client.inside ? client.bin : (await newestTools(ctx)).bin;
  return { argv: [bin === null ? "pg_restore" : `${bin}/pg_restore`, ...flags, "--format=directory", "--", path] };
}
