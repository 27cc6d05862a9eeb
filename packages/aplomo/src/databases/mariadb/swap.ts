import { randomBytes } from "node:crypto";
import { AplomoError } from "../../base/errors.ts";
import type { Session } from "../session.ts";
import { dropStatement, makeStatements, readDefinitions, type Definition } from "./definitions.ts";
import { identifier, literal, qualified } from "./quote.ts";
import { createStatement, readDatabase } from "./tables.ts";

/** Names on the server. */
export interface Swap {
  live: string;
  scratch: string;
  kept: string;
}

/** What a swap is done with. */
export interface Server {
  /** A session that is connected to no database. */
  session<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Runs each statement, whatever becomes of the others. */
  force(statements: string): Promise<void>;
}

/**
 * The plan of a swap stands in the kept database: what is no table, of both, under `planned` until the tables have changed places, and
 * under `moved` from that moment on, for one statement renames it together with them. It is complete as soon as it has the first name.
 */
const draft = "aplomo_swap_draft";
const planned = "aplomo_swap_planned";
const moved = "aplomo_swap_moved";

interface Plan {
  live: Definition[];
  scratch: Definition[];
}

/**
 * A server of this kind cannot rename a database: its tables change databases in one statement, which is carried out as a whole or
 * not at all. Triggers stand in the way of that, views and routines stay behind; both are made again.
 */
export async function swapDatabases(server: Server, names: Swap, subject: string): Promise<void> {
  const state = await server.session((session) => stateOf(session, names, subject));
  if (state === "done") return;
  if (state === "new") await server.session((session) => prepare(session, names));
  if (state !== "moved") await exchange(server, names, subject);
  await finish(server, names);
}

async function stateOf(session: Session, { live, scratch, kept }: Swap, subject: string): Promise<"new" | "planned" | "moved" | "done"> {
  const [there, next, old] = [await readDatabase(session, live), await readDatabase(session, scratch), await readDatabase(session, kept)];
  const holds = old ? await tablesOf(session, kept) : [];
  if (there && holds.includes(moved)) return "moved";
  if (there && next && holds.includes(planned)) return "planned";
  // A kept database in which nothing is yet but the plan in the making.
  const empty = old && holds.every((table) => table === draft) && (await readDefinitions(session, kept)).length === 0;
  if (there && !next && old) return "done";
  const missing = there ? (next ? undefined : scratch) : live;
  const cause = missing === undefined ? `a database ${kept} exists already` : `there is no database ${missing}`;
  if (missing !== undefined || (old && !empty)) throw new AplomoError({ operation: "swap", subject, cause });
  return "new";
}

/** Tables and sequences: what a rename takes along. */
async function tablesOf(session: Session, database: string): Promise<string[]> {
  const rows = await session.rows<{ name: string }>(
    `SELECT JSON_OBJECT('name', TABLE_NAME) FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = ${literal(database)} AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE') ORDER BY TABLE_NAME`,
  );
  return rows.map(({ name }) => name);
}

async function prepare(session: Session, { live, scratch, kept }: Swap): Promise<void> {
  const like = await readDatabase(session, live);
  if (!like) throw new Error(`the database ${live} that was there a moment ago is gone`);
  const plan: Plan = { live: await readDefinitions(session, live), scratch: await readDefinitions(session, scratch) };
  const text = Buffer.from(JSON.stringify(plan)).toString("base64");
  const pieces = text.match(/.{1,500000}/g) ?? [];
  await session.run(`DROP DATABASE IF EXISTS ${identifier(kept)}; ${createStatement(kept, like)}
    CREATE TABLE ${qualified(kept, draft)} (n int PRIMARY KEY, piece longtext CHARACTER SET ascii) ENGINE = InnoDB;`);
  for (const [index, piece] of pieces.entries()) {
    await session.run(`INSERT INTO ${qualified(kept, draft)} VALUES (${index}, ${literal(piece)});`);
  }
  await session.run(`RENAME TABLE ${qualified(kept, draft)} TO ${qualified(kept, planned)};`);
}

async function readPlan(session: Session, kept: string, table: string): Promise<Plan> {
  const rows = await session.rows<{ piece: string }>(`SELECT JSON_OBJECT('piece', piece) FROM ${qualified(kept, table)} ORDER BY n`);
  return JSON.parse(Buffer.from(rows.map(({ piece }) => piece).join(""), "base64").toString()) as Plan;
}

/** Seconds the renames wait for whoever is in the middle of a statement. */
const patience = 10;

async function exchange(server: Server, { live, scratch, kept }: Swap, subject: string): Promise<void> {
  await endSessions(server, [live, scratch]);
  try {
    await server.session(async (session) => {
      const plan = await readPlan(session, kept, planned);
      const [now, next] = [await tablesOf(session, live), await tablesOf(session, scratch)];
      const renames = [
        ...now.map((table) => [qualified(live, table), qualified(kept, table)]),
        ...next.map((table) => [qualified(scratch, table), qualified(live, table)]),
        [qualified(kept, planned), qualified(kept, moved)],
      ];
      await session.run(`SET SESSION lock_wait_timeout = ${patience};`);
      for (const [database, definitions] of [
        [live, plan.live],
        [scratch, plan.scratch],
      ] as const) {
        const drops = definitions.filter(({ kind }) => kind === "trigger").map(dropStatement);
        await session.run([`USE ${identifier(database)};`, ...drops].join("\n"));
      }
      await session.run(`RENAME TABLE ${renames.map(([from, to]) => `${from} TO ${to}`).join(", ")};`);
    });
  } catch (cause) {
    await takeBack(server, { live, scratch, kept });
    throw new AplomoError({
      operation: "swap",
      subject,
      cause,
      hint: "Stop the application, whose statements hold the tables, and try again.",
    });
  }
}

/** The renames failed, all of them: both databases get their triggers again. */
async function takeBack(server: Server, { live, scratch, kept }: Swap): Promise<void> {
  await server.session(async (session) => {
    if (!(await tablesOf(session, kept)).includes(planned)) return;
    const plan = await readPlan(session, kept, planned);
    for (const [database, definitions] of [
      [live, plan.live],
      [scratch, plan.scratch],
    ] as const) {
      const triggers = definitions.filter(({ kind }) => kind === "trigger");
      await session.run(`USE ${identifier(database)};\n${makeStatements(triggers, word())}`);
    }
    await session.run(`DROP DATABASE ${identifier(kept)};`);
  });
}

/** Everything but tables is made again where its tables are now. */
async function finish(server: Server, { live, scratch, kept }: Swap): Promise<void> {
  await server.session(async (session) => {
    const plan = await readPlan(session, kept, moved);
    const gone = plan.live.filter(
      ({ kind, name }) => kind !== "trigger" && !plan.scratch.some((one) => one.kind === kind && one.name === name),
    );
    await session.run([`USE ${identifier(live)};`, ...gone.map(dropStatement), makeStatements(plan.scratch, word())].join("\n"));
    await session.run(`USE ${identifier(kept)};\n${makeStatements(plan.live, word())}`);
  });
  await endSessions(server, [scratch]);
  await server.session(async (session) => {
    await session.run(`DROP DATABASE IF EXISTS ${identifier(scratch)};`);
    await session.run(`DROP TABLE ${qualified(kept, moved)};`);
  });
}

/** The client program knows 15 characters of it. */
const word = (): string => `$$${randomBytes(6).toString("hex")}`;

/** Ends the sessions of these databases; one that has just ended by itself is none the worse. */
export async function endSessions(server: Server, databases: readonly string[]): Promise<void> {
  const rows = await server.session((session) =>
    session.rows<{ id: number }>(
      `SELECT JSON_OBJECT('id', ID) FROM information_schema.PROCESSLIST WHERE DB IN (${databases.map(literal).join(", ")}) AND ID <> CONNECTION_ID()`,
    ),
  );
  if (rows.length > 0) await server.force(rows.map(({ id }) => `KILL ${id};`).join("\n"));
}
