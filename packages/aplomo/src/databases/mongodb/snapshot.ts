import { createWriteStream } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { AplomoError } from "../../base/errors.ts";
import type { Context } from "../../host/context.ts";
import { makePrivateFolder } from "../../host/files.ts";
import { processIdentity } from "../../host/process.ts";
import { whyNoRoom } from "../aside.ts";
import type { Checksums, Counts, Schema, Snapshot } from "../contract.ts";
import { Sum } from "../hashes.ts";
import { countParts, fingerprintOf } from "../schema.ts";
import { dumpCommand, toolMessage, type Client } from "./client.ts";
import { hashCollections, hashOf, ledger, readSchema, retired, staged } from "./collections.ts";
import { ArchiveReader } from "./reader.ts";
import type { Session } from "./session.ts";

/** How often a moment without writers is looked for. */
const attempts = 3;

interface Dumped {
  counts: Counts;
  checksums: Checksums;
  schema: Schema;
  /** Collections that were written between the dump's reading of them and ours. */
  torn: string[];
}

/**
 * mongodump reads one collection after the other, and no two programs can be given one view. So it dumps to a file, and everything is read
 * once more: when each collection is still as it stands in the dump, then the dump is what the database was between the two readings, a
 * moment that lies in both intervals of every collection. Under so many writes that this never holds, the last dump is told to be torn.
 * Writers are not held up: the server's lock for that (fsyncLock) outlives whoever took it, and a run that was killed would leave it.
 */
export async function openSnapshot(ctx: Context, client: Client, session: Session, bytes: number, subject: string): Promise<Snapshot> {
  const folder = join(ctx.home, "mongodb");
  await makePrivateFolder(folder);
  await sweep(folder);
  const full = await whyNoRoom(folder, bytes);
  if (full !== undefined)
    throw new AplomoError({ operation: "dump", subject, cause: full, hint: "Free disk space, or move APLOMO_HOME to another disk." });
  const path = join(folder, `dump_${process.pid}_${randomBytes(4).toString("hex")}`);
  try {
    let found = await dumpOnce(ctx, client, session, path, subject);
    for (let attempt = 1; attempt < attempts && found.torn.length > 0; attempt += 1)
      found = await dumpOnce(ctx, client, session, path, subject);
    const { counts, checksums, schema, torn } = found;
    if (torn.length > 0) {
      const message = `${subject} was written while it was dumped: ${torn.join(", ")} as of another moment than the rest`;
      ctx.emit({ type: "warning", message, hint: "Back up when less is written. A deploy that changes data stops the application first." });
    }
    return {
      source: { kind: "file", path },
      id: null,
      counts: () => Promise.resolve(counts),
      checksums: () => Promise.resolve(checksums),
      objects: () => Promise.resolve(countParts(schema)),
      schema: () => Promise.resolve(schema),
      torn: () => torn,
      close: () => rm(path, { force: true }),
    };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function dumpOnce(ctx: Context, client: Client, session: Session, path: string, subject: string): Promise<Dumped> {
  const db = session.db(client.database);
  const before = await readSchema(db);
  const sums = new Map<string, Sum>();
  const reader = new ArchiveReader((collection, document) => {
    const sum = sums.get(collection) ?? new Sum();
    sum.add(hashOf(document));
    sums.set(collection, sum);
  });
  await dumpTo(ctx, client, path, reader, subject);
  const { complete, counts } = reader.end();
  if (complete !== true || counts === null) throw new AplomoError({ operation: "dump", subject, cause: String(complete) });
  const checksums = Object.fromEntries(Object.keys(counts).map((name) => [name, (sums.get(name) ?? new Sum()).text()]));
  const schema = await readSchema(db);
  const now = await hashCollections(db);
  const names = [...new Set([...Object.keys(now), ...Object.keys(checksums)])];
  const torn = names.filter((name) => now[name] !== checksums[name]);
  return { counts, checksums, schema, torn: fingerprintOf(before) === fingerprintOf(schema) ? torn : [...torn, "the schema"] };
}

async function dumpTo(ctx: Context, client: Client, path: string, reader: ArchiveReader, subject: string): Promise<void> {
  const dump = ctx.host.spawn(dumpCommand(client, client.database, { names: [ledger], prefixes: [staged, retired] }), [
    "ignore",
    "pipe",
    "pipe",
  ]);
  let said = "";
  dump.stderr?.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-8_192)));
  const stop = (): void => dump.kill();
  ctx.signal.addEventListener("abort", stop, { once: true });
  try {
    if (!dump.stdout) throw new Error("it has no output");
    await pipeline(
      dump.stdout,
      async function* look(source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          reader.write(chunk);
          yield chunk;
        }
      },
      createWriteStream(path, { mode: 0o600 }),
    );
  } catch (cause) {
    dump.kill();
    await dump.ended;
    ctx.signal.throwIfAborted();
    throw new AplomoError({ operation: "dump", subject, cause });
  } finally {
    ctx.signal.removeEventListener("abort", stop);
  }
  const { code } = await dump.ended;
  ctx.signal.throwIfAborted();
  if (code !== 0) throw new AplomoError({ operation: "dump", subject, cause: toolMessage(said) });
}

/** Removes dumps of runs that were killed. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number.parseInt(/^dump_(\d+)_/.exec(name)?.[1] ?? "", 10);
    if (!Number.isNaN(pid) && processIdentity(pid) === null) await rm(join(folder, name), { force: true });
  }
}
