import { AplomoError, reason } from "../../base/errors.ts";
import { poll } from "../../base/time.ts";
import type { Context } from "../../host/context.ts";
import type { Running } from "../../host/run.ts";
import type { Schema, Snapshot } from "../contract.ts";
import { countParts } from "../schema.ts";
import { Session } from "../session.ts";
import { clientCommand, dumpCommand, type Client } from "./client.ts";
import { makeGate, type Gate } from "./gate.ts";
import { hold, type Hold } from "./hold.ts";
import { literal } from "./quote.ts";
import { readSchema } from "./schema.ts";
import { talkOf } from "./session.ts";
import { countRows, hashRows } from "./tables.ts";

export const readOnly = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY;";

/** Milliseconds whoever asks for counts waits for the dump to be started at all; without one they are of a snapshot of their own. */
const startPatience = 3_000;
/** Milliseconds the dump may take to come to the gate, in a container on a busy machine, and from there to its transaction. */
const gatePatience = 60_000;
const beginPatience = 10_000;

/** What the dump tool says, being asked to be verbose, once its transaction has begun. */
const begun = /^-- (?:Setting savepoint|Retrieving|Releasing|Rolling|Disconnecting|It's)/m;

/**
 * No snapshot can be handed from one session to another here. So the dump is started and held at a gate; then writers are held
 * up for as long as it takes to begin two transactions, ours and, let go, the dump's.
 */
export async function openSnapshot(ctx: Context, client: Client, subject: string): Promise<Snapshot> {
  const talk = talkOf(client.tools.flavour);
  const open = (): Promise<Session> => Session.open(ctx, talk, clientCommand(client, client.address.database), subject);
  const session = await open();
  const holder = await open().catch(async (error: unknown) => {
    await session.close();
    throw error;
  });
  const gate = await makeGate(ctx, client).catch(async (error: unknown) => {
    await Promise.all([session.close(), holder.close()]);
    throw error;
  });
  let leading: Promise<Led> | undefined;
  let alone: Promise<unknown> | undefined;
  let stall: number | null = null;
  let closing: Promise<void> | undefined;

  const started = (running: Running): void => {
    // Counted already, without it: it would show another moment.
    if (alone || leading) return running.kill("SIGKILL");
    leading = lead(ctx, client, { session, holder, gate, running }, subject, (ms) => (stall = ms));
    leading.catch(() => running.kill());
  };
  const ready = async (): Promise<void> => {
    if (!alone)
      await poll(() => Promise.resolve(leading || alone ? true : undefined), { limit: startPatience, every: 10, signal: ctx.signal });
    if (leading) return void (await leading);
    await (alone ??= session.run(readOnly));
  };
  let schema: Promise<Schema> | undefined;
  const readOnce = async (): Promise<Schema> => {
    await ready();
    return (schema ??= readSchema(session));
  };
  /** What is done with a table here would keep others from altering it until our transaction ends: they may as soon as the dump lets them. */
  const looking = async <T>(look: (session: Session) => Promise<T>): Promise<T> => {
    await ready();
    await session.run("SAVEPOINT looking;");
    const seen = await look(session);
    await session.run("ROLLBACK TO SAVEPOINT looking;");
    return seen;
  };
  return {
    source: { kind: "program", command: dumpCommand(client, gate.path), started },
    id: null,
    counts: () => looking(countRows),
    checksums: () => looking(hashRows),
    schema: readOnce,
    objects: async () => countParts(await readOnce()),
    stallMs: () => stall,
    // "Table definition has changed", and a lock waited for that somebody holds who alters it.
    disturbed: (failure) => /\berror (?:1412|1205)\b/i.test(reason(failure)),
    close: () =>
      (closing ??= (async () => {
        await Promise.all([holder.close(), gate.close()]);
        const led = await leading?.catch(() => undefined);
        await session.close();
        if (led) await endDump(ctx, client, led, subject);
      })()),
  };
}

/** The numbers of sessions among which the dump's is. */
interface Led {
  after: number;
  upTo: number;
}

interface Parts {
  session: Session;
  holder: Session;
  gate: Gate;
  running: Running;
}

async function lead(ctx: Context, client: Client, parts: Parts, subject: string, stalled: (ms: number) => void): Promise<Led> {
  const { session, holder, gate, running } = parts;
  let said = "";
  let over = false;
  running.stderr?.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4_096)));
  void running.ended.then(() => (over = true));
  await gate.reached(gatePatience);
  const newest = "SELECT COALESCE(MAX(ID), 0) FROM information_schema.PROCESSLIST;";
  const after = Number(await holder.run(newest));
  const held: Hold = await hold(ctx, client, holder, subject);
  const from = performance.now();
  try {
    // Side by side: while writers wait, every way there and back counts.
    const own = session.run(readOnly);
    own.catch(() => {});
    gate.open();
    const done = await poll(() => Promise.resolve(begun.test(said) || over ? true : undefined), {
      limit: beginPatience,
      every: 1,
      signal: ctx.signal,
    });
    if (!done)
      throw new AplomoError({
        operation: "start the dump of",
        subject,
        cause: `it began no transaction within ${beginPatience / 1_000} s`,
      });
    await own;
  } finally {
    await held.release();
    stalled(Math.round(performance.now() - from + held.waitedMs));
  }
  return { after, upTo: Number(await session.run(newest)) };
}

/** A dump inside a container outlives the client that started it, and would keep its tables open: the server ends it. */
async function endDump(ctx: Context, client: Client, { after, upTo }: Led, subject: string): Promise<void> {
  if (!client.inside) return;
  const fresh: Context = { ...ctx, signal: AbortSignal.timeout(30_000) };
  const query = `SELECT ID FROM information_schema.PROCESSLIST WHERE ID > ${after} AND ID <= ${upTo} AND DB = ${literal(client.address.database)}
    AND USER = SUBSTRING_INDEX(USER(), '@', 1) AND INFO LIKE 'SELECT /*!40001 SQL_NO_CACHE */ %';`;
  try {
    await Session.use(fresh, talkOf(client.tools.flavour), clientCommand(client, client.address.database), subject, async (ending) => {
      for (const id of (await ending.run(query)).split("\n").filter(Boolean)) await ending.run(`KILL ${id};`);
    });
  } catch {
    // A server that cannot be reached has no dump under way either, and one that has just ended cannot be ended.
  }
}
