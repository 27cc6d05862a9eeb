import { createHash } from "node:crypto";
import { delay } from "../time.ts";
import { readAddress } from "../wire/address.ts";
import type { Session } from "../wire/session.ts";
import type { Boot } from "./context.ts";
import { BootError } from "./failure.ts";
import { openSession } from "./wait.ts";

/** Milliseconds between two tries: short statements, nothing waits inside the database. */
const every = 500;
const sayEvery = 5_000;
/** Milliseconds between signs of life, so that no proxy thinks the connection forgotten. */
const heartbeat = 10_000;

/**
 * The statement that takes the lock or says no at once. Never the one that waits: a waiter holds a snapshot, and
 * CREATE INDEX CONCURRENTLY waits for all snapshots, so the two would wait for each other.
 * PostgreSQL's locks are per database, MySQL's per server.
 */
const tryLock = {
  postgres: () => `SELECT pg_try_advisory_lock(${BigInt.asIntN(64, BigInt(`0x${digest("aplomo-boot")}`))})`,
  mysql: (database: string) => `SELECT GET_LOCK('aplomo-boot-${digest(database)}', 0)`,
};

/**
 * Runs `work` while this process, and no other replica, holds the lock; it is the connection's, so it ends with the process.
 * `lost` is aborted when the connection breaks: whatever runs must stop, because another replica may begin.
 */
export async function withLock<T>(
  boot: Boot,
  { url, wait }: { url: string; wait: number },
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const kind = readAddress(boot.env[url] ?? "")?.kind;
  const session = kind === "postgres" || kind === "mysql" ? await openSession(boot, url) : null;
  if (!session || kind === undefined || kind === "other") {
    boot.log("warn", "no lock for this kind of database: start one replica at a time");
    return work(boot.signal);
  }
  const lost = new AbortController();
  const beat = setInterval(() => {
    session.query("SELECT 1").catch(() => lost.abort());
  }, heartbeat);
  try {
    await take(boot, session, tryLock[kind](readAddress(boot.env[url] ?? "")?.address.database ?? ""), wait);
    void session.ended.then(() => lost.abort());
    return await work(lost.signal);
  } finally {
    clearInterval(beat);
    session.close();
  }
}

async function take(boot: Boot, session: Session, statement: string, wait: number): Promise<void> {
  const start = performance.now();
  let said = start;
  for (;;) {
    const [row] = await session.query(statement).catch((error: unknown) => {
      throw new BootError(`the database ended the connection that asks for the lock: ${boot.redact((error as Error).message)}`, {
        hint: "the next start tries again",
      });
    });
    if (row?.[0] === "t" || row?.[0] === "1") return;
    const now = performance.now();
    if (now - start > wait) {
      throw new BootError(`another replica has held the lock for more than ${Math.round(wait / 1_000)} s`, {
        hint: "look at that replica's log; migrate.lock_wait in aplomo.boot.json is how long to wait",
      });
    }
    if (now - said >= sayEvery) {
      said = now;
      boot.log("info", "waiting while another replica migrates", {
        waited: `${Math.round((now - start) / 1_000)} of ${Math.round(wait / 1_000)} s`,
      });
    }
    boot.signal.throwIfAborted();
    await delay(every);
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
