import { poll } from "../base/time.ts";
import type { Lock, LockWatch } from "./contract.ts";

/** A lock that was seen at one moment: whose, on what, and which statement ran. */
export interface Seen extends Omit<Lock, "ms"> {
  /** The session that holds it. */
  by: string;
}

/** Milliseconds between two looks. */
const every = 25;
const longest = 24 * 3_600_000;
const shown = 100;

/** Looks again and again, within one session, until it is stopped. What it saw is for people: that it could not look fails nothing. */
export function watchLocks(within: (work: (look: () => Promise<Seen[]>) => Promise<void>) => Promise<void>): LockWatch {
  const spans = new Map<string, { lock: Omit<Lock, "ms">; from: number; to: number }>();
  let over = false;
  const watching = within(async (look) => {
    await poll(
      async () => {
        if (over) return true;
        const before = performance.now();
        for (const { by, ...lock } of await look()) {
          const key = [by, lock.table, lock.mode].join(" ");
          const span = spans.get(key) ?? { lock, from: before, to: before };
          spans.set(key, { ...span, to: performance.now() });
        }
        return undefined;
      },
      { limit: longest, every },
    );
  }).catch(() => {});
  return {
    async stop() {
      over = true;
      await watching;
      return [...spans.values()].map(({ lock, from, to }) => ({ ...lock, statement: shorten(lock.statement), ms: Math.round(to - from) }));
    },
  };
}

function shorten(statement: string): string {
  const line = statement
    .replaceAll(/--[^\n]*\n/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return line.length > shown ? `${line.slice(0, shown)}...` : line;
}
