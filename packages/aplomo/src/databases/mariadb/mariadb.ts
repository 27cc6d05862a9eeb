import { AplomoError } from "../../base/errors.ts";
import type { Config } from "../../config/config.ts";
import type { Context } from "../../host/context.ts";
import { refuseOthers, type Database, type DatabaseFacts } from "../contract.ts";
import { markOf, writtenSince } from "../hashes.ts";
import { nested, oneNumber } from "../number.ts";
import { countParts, fingerprintOf } from "../schema.ts";
import { Session } from "../session.ts";
import { openAside } from "./aside.ts";
import { clientCommand, loadCommand } from "./client.ts";
import { identifier, literal } from "./quote.ts";
import { reach as find, type Reached } from "./reach.ts";
import { readSchema } from "./schema.ts";
import { serverMessage, talkOf } from "./session.ts";
import { openSnapshot, readOnly } from "./snapshot.ts";
import { endSessions, swapDatabases, type Server } from "./swap.ts";
import { watchLocks } from "../locks.ts";
import { applyTexts } from "./apply.ts";
import { readLocks } from "./locks.ts";
import {
  countRows,
  createStatement,
  hashRows,
  listTables,
  readColumns,
  readDatabase,
  readSequences,
  readTables,
  shortOf,
} from "./tables.ts";
import { hasAtomicDdl } from "./tools.ts";

/** MariaDB, and MySQL by its own client programs. */
export function openMariadb(ctx: Context, config: Config, name: string): Database {
  const subject = `database ${name}`;
  let found: Promise<Reached> | undefined;
  // Kept while it answers: finding it costs several programs. `check` looks anew.
  const reach = (): Promise<Reached> =>
    (found ??= find(ctx, config, name).catch((error: unknown) => ((found = undefined), Promise.reject(error as Error))));

  type Target = (reached: Reached) => string | null;
  const live: Target = ({ client }) => client.address.database;
  const none: Target = () => null;

  async function within<T>(target: Target, work: (session: Session) => Promise<T>, by: Context = ctx): Promise<T> {
    const reached = await reach();
    const { client } = reached;
    try {
      return await Session.use(by, talkOf(client.tools.flavour), clientCommand(client, target(reached)), subject, work);
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
  const server = (by: Context = ctx): Server => ({
    session: (work) => within(none, work, by),
    force: async (input) => {
      const { client } = await reach();
      await by.host.attempt({ ...clientCommand(client, null, ["--force"]), input, timeout: 60_000 }, by.signal);
    },
  });

  return {
    name,
    engine: config.settings.databases[name]?.engine ?? "mariadb",
    capabilities: { sql: true, transactionalDdl: false, swapNeedsStop: true, extension: "sql", lockTimeoutEnv: () => ({}) },
    async check(): Promise<DatabaseFacts> {
      found = undefined;
      const { version, title, client } = await reach();
      const { bytes, others } = await within(live, async (session) => {
        const [sizes] = await session.rows<{ bytes: number }>(
          "SELECT JSON_OBJECT('bytes', COALESCE(SUM(DATA_LENGTH + INDEX_LENGTH), 0)) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
        );
        const rows = await session.rows<{ name: string; engine: string }>(
          `SELECT JSON_OBJECT('name', TABLE_NAME, 'engine', ENGINE) FROM information_schema.TABLES
           WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') AND ENGINE NOT IN ('InnoDB', 'ROCKSDB')`,
        );
        return { bytes: sizes?.bytes ?? 0, others: rows };
      });
      if (others.length > 0) {
        const tables = others.map((table) => `${table.name} (${table.engine})`).join(", ");
        const message = `${name}: a snapshot does not hold still for ${tables}: a backup taken while they are written is refused when its counts differ`;
        ctx.emit({ type: "warning", message, hint: "ALTER TABLE ... ENGINE = InnoDB." });
      }
      const tool = `${client.tools.dump} ${client.tools.version} in ${client.where}`;
      const atomicStatements = others.length === 0 && hasAtomicDdl(client.tools.flavour, version);
      return { server: `${title} ${version}`, tool, bytes, atomicStatements };
    },
    snapshot: async () => openSnapshot(ctx, (await reach()).client, subject),
    counts: (scratch) => reading(scratch, countRows),
    objects: async (scratch) => countParts(await reading(scratch, readSchema)),
    sequences: (scratch) => reading(scratch, readSequences),
    schema: (scratch) => reading(scratch, readSchema),
    columns: (scratch) => reading(scratch, readColumns),
    fingerprint: async (scratch) => fingerprintOf(await reading(scratch, readSchema)),
    checksums: (scratch) => reading(scratch, hashRows),
    number: (query, scratch) => reading(scratch, (session) => askNumber(session, query, subject)),
    read: (wanted, scratch) => reading(scratch, (session) => readTables(session, wanted)),
    async apply(texts, options, scratch) {
      const by = { ...ctx, signal: AbortSignal.any([ctx.signal, AbortSignal.timeout(options.limit)]) };
      const { client } = await reach();
      const target: Target = scratch === undefined ? live : ({ place }) => place(scratch);
      await within(target, (session) => applyTexts(session, client.tools.flavour, texts, options), by);
    },
    watchLocks: (scratch) =>
      watchLocks((work) => {
        const target: Target = scratch === undefined ? live : ({ place }) => place(scratch);
        return within(target, (session) => work(() => readLocks(session)));
      }),
    async createScratch(scratch) {
      refuseOthers("create the scratch database", scratch);
      const { client, place } = await reach();
      await endSessions(server(), [place(scratch)]);
      await within(none, async (session) => {
        const { database } = client.address;
        const like = await readDatabase(session, database);
        if (!like) throw new AplomoError({ operation: "read", subject, cause: `the server has no database ${database}` });
        await session.run(`DROP DATABASE IF EXISTS ${identifier(place(scratch))}; ${createStatement(place(scratch), like)}`);
      });
    },
    async loader(scratch) {
      refuseOthers("load", scratch);
      const { client, place } = await reach();
      return { kind: "program", command: loadCommand(client, place(scratch)), message: serverMessage };
    },
    async aside(bytes) {
      const { client } = await reach();
      const like = await within(none, (session) => readDatabase(session, client.address.database));
      if (!like) throw new AplomoError({ operation: "read", subject, cause: `the server has no database ${client.address.database}` });
      return openAside(ctx, config, name, bytes, client, like, openMariadb);
    },
    async dropScratch(scratch) {
      refuseOthers("drop", scratch);
      const { place } = await reach();
      // Also after Ctrl-C: what was made is taken away.
      const by = ctx.signal.aborted ? { ...ctx, signal: AbortSignal.timeout(60_000) } : ctx;
      await endSessions(server(by), [place(scratch)]);
      await within(none, (session) => session.run(`DROP DATABASE IF EXISTS ${identifier(place(scratch))};`), by);
    },
    place: async (scratch) => (await reach()).place(scratch),
    async listScratch() {
      const { end } = await reach();
      const pattern = `aplomo\\_%${end.replaceAll("_", "\\_")}`;
      const rows = await within(none, (session) =>
        session.rows<{ name: string }>(
          `SELECT JSON_OBJECT('name', SCHEMA_NAME) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE ${literal(pattern)} ORDER BY SCHEMA_NAME`,
        ),
      );
      return rows.map((row) => row.name.slice(0, -end.length));
    },
    async swap(scratch, kept) {
      refuseOthers("swap", scratch);
      refuseOthers("keep the live database as", kept);
      const { client, place } = await reach();
      await swapDatabases(server(), { live: client.address.database, scratch: place(scratch), kept: place(kept) }, subject);
    },
    mark: () =>
      reading(undefined, async (session) => {
        const counts = await countRows(session);
        const tables = await listTables(session);
        const shorts = [];
        for (const table of tables) shorts.push([table.name, await shortOf(session, table, counts[table.name] ?? 0)] as const);
        return markOf(Object.fromEntries(shorts));
      }),
    writtenSince: (mark) =>
      reading(undefined, async (session) => {
        const counts = await countRows(session);
        const tables = await listTables(session);
        const byName = new Map(tables.map((table) => [table.name, table]));
        return writtenSince(mark, [...byName.keys()], "MariaDB", (name) =>
          shortOf(session, byName.get(name) ?? { name, columns: [] }, counts[name] ?? 0),
        );
      }),
  };
}

/** The query goes to the server as a text it prepares: nothing in it can become a second statement. */
async function askNumber(session: Session, query: string, subject: string): Promise<number> {
  const text = Buffer.from(`SELECT * FROM ${nested(query)} q`).toString("hex");
  const answer = await session.run(`SET @aplomo = CONVERT(0x${text} USING utf8mb4); PREPARE aplomo FROM @aplomo; EXECUTE aplomo;`);
  const rows =
    answer === "" ? [] : answer.split("\n").map((line) => Object.fromEntries(line.split("\t").entries()) as Record<string, unknown>);
  return oneNumber(rows, query, subject);
}
