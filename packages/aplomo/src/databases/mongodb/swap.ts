import type { Db, Document } from "mongodb";
import { AplomoError } from "../../base/errors.ts";
import { driver } from "./driver.ts";
import { delay } from "../../base/time.ts";
import type { Context } from "../../host/context.ts";
import { dumpCommand, loadCommand, type Client } from "./client.ts";
import { hashCollection, hashCollections, ledger, listAll, listNames, marker, retired, staged } from "./collections.ts";
import { pipe } from "./copy.ts";
import { isMarked, markScratch } from "./scratch.ts";
import { codeOf, type Session } from "./session.ts";

const attempts = 3;

/** Before the name of a collection in the kept database: what came into it while it made room. */
const meanwhile = "meanwhile_";

/** Names of databases on the server. */
export interface Swap {
  live: string;
  scratch: string;
  kept: string;
}

/** What stands in the live database from when everything is ready until it is exchanged. */
interface Ledger extends Swap {
  /** Collections that come, and all that were there. */
  fresh: string[];
  former: string[];
  formerViews: string[];
  views: { name: string; options: Document }[];
}

/**
 * A server cannot rename databases. So the live one is copied to `kept`, the scratch one into the live one under names of ours, each copy is
 * compared document by document, and only then, with what is to be done written down in the live database itself, each collection takes the
 * place of the one it replaces: a renaming, done at once. A second call goes on where that is written, else begins anew. The application
 * must be stopped: a collection it writes before its turn came is kept again.
 */
export async function swapDatabases(ctx: Context, client: Client, session: Session, names: Swap, subject: string): Promise<void> {
  const live = session.db(names.live);
  const begun = await readLedger(live);
  if (begun) {
    await exchange(ctx, client, session, begun, subject);
    if (begun.scratch === names.scratch && begun.kept === names.kept) return;
  }
  const [there, kept] = await Promise.all([isMarked(session.db(names.scratch)), isMarked(session.db(names.kept))]);
  if (there === false && kept === true) return;
  if (there === false) throw new AplomoError({ operation: "swap", subject, cause: `the server has no database ${names.scratch}` });
  if (kept === true) throw new AplomoError({ operation: "swap", subject, cause: `a database ${names.kept} exists already` });
  await refuseFixed(session, names, subject);
  await patiently(ctx, () => keep(ctx, client, session, names, subject));
  await patiently(ctx, () => stage(ctx, client, session, names, subject));
  const [incoming, present] = [await listAll(session.db(names.scratch)), await listAll(live)];
  const ready: Ledger = {
    ...names,
    fresh: incoming.filter(({ type }) => type === "collection").map(({ name }) => name),
    views: incoming.filter(({ type }) => type === "view").map(({ name, options }) => ({ name, options })),
    former: present.filter(({ type }) => type === "collection").map(({ name }) => name),
    formerViews: present.filter(({ type }) => type === "view").map(({ name }) => name),
  };
  const { EJSON } = (await driver()).BSON;
  await live.collection<Document & { _id: string }>(ledger).insertOne({ _id: "swap", text: EJSON.stringify(ready, { relaxed: false }) });
  await exchange(ctx, client, session, ready, subject);
}

async function readLedger(live: Db): Promise<Ledger | undefined> {
  const { EJSON } = (await driver()).BSON;
  const found = await live.collection<Document & { _id: string }>(ledger).findOne({ _id: "swap" });
  // A pipeline has names with dollar signs, which not every server lets into a document: hence a text.
  return found ? (EJSON.parse(String(found["text"]), { relaxed: false }) as Ledger) : undefined;
}

async function refuseFixed(session: Session, names: Swap, subject: string): Promise<void> {
  for (const name of [names.live, names.scratch]) {
    const fixed = (await listAll(session.db(name))).find(({ type }) => type === "timeseries");
    if (!fixed) continue;
    throw new AplomoError({
      operation: "swap",
      subject,
      cause: `${fixed.name} is a time series, which cannot be renamed`,
      hint: "Restore beside with --to, and copy from there.",
    });
  }
}

/** What a call that was killed had under way may come in between for a moment yet. */
async function patiently(ctx: Context, copy: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await copy();
    } catch (error) {
      ctx.signal.throwIfAborted();
      if (attempt === attempts) throw error;
      await delay(500 * attempt, ctx.signal);
    }
  }
}

/** The live database's copy, marked as half-way until the swap is done. */
async function keep(ctx: Context, client: Client, session: Session, { live, scratch, kept }: Swap, subject: string): Promise<void> {
  await markScratch(session.db(kept), scratch);
  const from = dumpCommand(client, live, { names: [ledger], prefixes: [staged, retired] });
  await pipe(ctx, from, loadCommand(client, kept), subject);
  await refuseOther(session.db(live), session.db(kept), "", subject);
}

/** The scratch database's collections in the live one, ready to take their place. Views come at the end, for they cannot be renamed. */
async function stage(ctx: Context, client: Client, session: Session, { live, scratch }: Swap, subject: string): Promise<void> {
  for (const { name } of await session.db(live).listCollections({}, { nameOnly: true }).toArray())
    if (name.startsWith(staged)) await session.db(live).dropCollection(name);
  const views = (await listAll(session.db(scratch))).filter(({ type }) => type === "view").map(({ name }) => name);
  await pipe(ctx, dumpCommand(client, scratch, { names: [marker, ...views] }), loadCommand(client, live, staged), subject);
  await refuseOther(session.db(scratch), session.db(live), staged, subject);
}

async function refuseOther(from: Db, to: Db, prefix: string, subject: string): Promise<void> {
  const expected = await hashCollections(from);
  for (const [name, hash] of Object.entries(expected)) {
    if ((await hashCollection(to, prefix + name)) === hash) continue;
    throw new AplomoError({
      operation: "swap",
      subject,
      cause: `the copy of ${name} in ${to.databaseName} is another than in ${from.databaseName}: somebody writes`,
      hint: "Stop the application first.",
    });
  }
}

async function exchange(ctx: Context, client: Client, session: Session, plan: Ledger, subject: string): Promise<void> {
  const live = session.db(plan.live);
  const present = new Set((await live.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
  const waiting = plan.fresh.filter((name) => present.has(staged + name));
  const leaving = plan.former.filter((name) => present.has(name) && !plan.fresh.includes(name));
  for (const view of plan.formerViews) if (present.has(view)) await live.dropCollection(view);
  for (const name of waiting) {
    const keeps = present.has(retired + name) ? keepBesides : keepAgain;
    if (present.has(name)) await keeps(ctx, client, session, plan, name, subject);
    await replace(session, live, name);
  }
  for (const { name } of await live.listCollections({}, { nameOnly: true }).toArray())
    if (name.startsWith(retired)) await live.dropCollection(name);
  for (const name of leaving) {
    await keepAgain(ctx, client, session, plan, name, subject);
    await live.dropCollection(name);
  }
  const left = new Set((await listAll(live)).map(({ name }) => name));
  for (const { name, options } of plan.views) if (!left.has(name)) await live.createCollection(name, options);
  await markScratch(session.db(plan.kept), null);
  await session.db(plan.scratch).dropDatabase();
  await live.dropCollection(ledger);
}

/** What was written into a collection since it was kept: only after a crash is there anything. */
async function keepAgain(ctx: Context, client: Client, session: Session, plan: Ledger, name: string, subject: string): Promise<void> {
  if (!plan.former.includes(name)) return;
  const kept = session.db(plan.kept);
  if ((await hashCollection(kept, name)) === (await hashCollection(session.db(plan.live), name))) return;
  if ((await listNames(kept)).includes(name)) await kept.dropCollection(name);
  await pipe(ctx, dumpCommand(client, plan.live, {}, name), loadCommand(client, plan.kept), subject);
}

/**
 * A collection that already made room was kept whole: it stays as it is, and what somebody has written since into the empty place, where a
 * server makes a collection by itself, comes beside it.
 */
async function keepBesides(ctx: Context, client: Client, session: Session, plan: Ledger, name: string, subject: string): Promise<void> {
  if ((await session.db(plan.live).collection(name).countDocuments({})) === 0) return;
  if ((await listNames(session.db(plan.kept))).includes(meanwhile + name)) await session.db(plan.kept).dropCollection(meanwhile + name);
  await pipe(ctx, dumpCommand(client, plan.live, {}, name), loadCommand(client, plan.kept, meanwhile), subject);
}

/**
 * What is staged takes its place. Not every server that speaks MongoDB's protocol replaces at once (error 238: not implemented): there the
 * former collection makes room under another name first, so that one can see, after a crash between, that it has.
 */
async function replace(session: Session, live: Db, name: string): Promise<void> {
  const rename = (from: string, to: string, how: Document = {}): Promise<Document> =>
    session.admin({ renameCollection: `${live.databaseName}.${from}`, to: `${live.databaseName}.${to}`, ...how });
  try {
    await rename(staged + name, name, { dropTarget: true });
  } catch (error) {
    if (codeOf(error) !== 238) throw error;
    const present = new Set((await live.listCollections({}, { nameOnly: true }).toArray()).map((one) => one.name));
    if (present.has(name)) await (present.has(retired + name) ? live.dropCollection(name) : rename(name, retired + name));
    await rename(staged + name, name);
  }
}
