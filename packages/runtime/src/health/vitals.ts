import { monitorEventLoopDelay } from "node:perf_hooks";

/** How the process is: units are in the names. */
export interface Vitals {
  uptimeSeconds: number;
  memory: { rssMegabytes: number; heapUsedMegabytes: number };
  /** Milliseconds the event loop came late, over the last minute or two. */
  eventLoopDelay: { meanMs: number; p99Ms: number };
}

/** Milliseconds between samples of the event loop: a standstill of that length is always seen. What a sample takes anyway is subtracted. */
const resolution = 50;
const period = 60_000;

/** Starts measuring; the function gives the numbers at any time. Does not keep the process alive. */
export function measureVitals(): () => Vitals {
  const delays = [monitorEventLoopDelay({ resolution }), monitorEventLoopDelay({ resolution })] as const;
  for (const delay of delays) delay.enable();
  let turn = 0;
  // Two windows, emptied in turn: the answer always covers the last minute at least.
  setInterval(() => {
    delays[turn % 2]?.reset();
    turn += 1;
  }, period).unref();
  return () => {
    const { rss, heapUsed } = process.memoryUsage();
    const longest = delays[turn % 2] ?? delays[0];
    return {
      uptimeSeconds: Math.floor(process.uptime()),
      memory: { rssMegabytes: megabytes(rss), heapUsedMegabytes: megabytes(heapUsed) },
      eventLoopDelay: { meanMs: late(longest.mean), p99Ms: late(longest.percentile(99)) },
    };
  };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_048_576);
}

function late(nanoseconds: number): number {
  return Number.isNaN(nanoseconds) ? 0 : Math.max(0, Math.round(nanoseconds / 10_000 - resolution * 100) / 100);
}
