import { join } from "node:path";
import { LockedError } from "../../base/errors.ts";
import { poll } from "../../base/time.ts";
import { readIfPresent } from "../../host/files.ts";
import { takeLock } from "../../host/lock.ts";
import { processIdentity } from "../../host/process.ts";

/**
 * PM2's program starts its daemon when none runs, and of two that do so at once one may wait for ever. So the first of ours wakes it, and the
 * others wait for that: `lock` is the folder by which they know of each other, `limit` how long, in milliseconds.
 */
export async function wake(home: string, lock: string, limit: number, ping: () => Promise<unknown>): Promise<void> {
  if (await isAwake(home)) return;
  const held = await poll(() => takeLock(lock, "wake PM2").catch(ifHeld), { limit, every: 100 });
  try {
    if (!(await isAwake(home))) await ping();
  } finally {
    await held?.release();
  }
}

function ifHeld(error: unknown): undefined {
  if (error instanceof LockedError) return undefined;
  throw error;
}

export async function isAwake(home: string): Promise<boolean> {
  const pid = Number(await readIfPresent(join(home, "pm2.pid")));
  return pid > 0 && processIdentity(pid) !== null;
}
