import { readdirSync, readFileSync } from "node:fs";
import type { Log } from "../log.ts";

/**
 * Warns, once, when this process is PID 1 and dead children of others pile up under it: Node cannot reap them, only an init can.
 * Looks every 60 s, only as PID 1, and does not keep the process alive.
 */
export function watchZombies(log: Log, every = 60_000, pid: number = process.pid): void {
  if (pid !== 1) return;
  let before: string[] = [];
  const timer = setInterval(() => {
    const now = zombies();
    // One seen once may be a child of ours that is just being reaped.
    const dead = now.filter((entry) => before.includes(entry)).length;
    before = now;
    if (dead === 0) return;
    clearInterval(timer);
    log("warn", "dead processes pile up because PID 1 is not an init: set `init: true` in compose, or use --init or tini", { dead });
  }, every);
  timer.unref();
}

/** The ids of dead processes whose parent is PID 1. */
function zombies(): string[] {
  return listProcesses().filter((entry) => {
    try {
      // pid (name) state parent ...; the name may hold anything, also spaces and parentheses.
      const [state, parent] = readFileSync(`/proc/${entry}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      return state === "Z" && parent === "1";
    } catch {
      return false; // It ended while we looked.
    }
  });
}

function listProcesses(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
