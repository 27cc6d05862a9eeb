const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds in `500ms`, `10s`, `2m`, `1h`, `1d`, or a bare number of seconds; undefined when it is none of these. */
export function parseDuration(text: string | number): number | undefined {
  if (typeof text === "number") return Number.isFinite(text) && text >= 0 ? text * 1_000 : undefined;
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/.exec(text.trim());
  if (!match) return undefined;
  return Number(match[1]) * units[(match[2] ?? "s") as keyof typeof units];
}

/** A duration as a person says it: `80 ms`, `2.4 s`, `3 min 05 s`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** `20261122_154500` in UTC: sorts as text and stands in file and database names. */
export function stamp(date: Date): string {
  return date.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "_");
}

/** Resolves after `ms`, or rejects at once with the signal's reason. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** The answer, or `otherwise` when it takes longer than `limit` milliseconds; what was asked goes on by itself. */
export async function within<T>(asked: Promise<T>, limit: number, otherwise: T): Promise<T> {
  const stop = new AbortController();
  try {
    return await Promise.race([asked, delay(limit, stop.signal).then(() => otherwise)]);
  } finally {
    stop.abort();
  }
}

/** How long and how often to ask. */
export interface Patience {
  /** Give up after this many milliseconds. */
  limit: number;
  /** Ask again after this many milliseconds; default 100. */
  every?: number;
  signal?: AbortSignal;
}

/**
 * Asks until the answer is not undefined, at least once, and returns it; undefined when the limit has passed.
 * Waiting is always this, never a blind sleep.
 */
export async function poll<T>(ask: () => Promise<T | undefined>, patience: Patience): Promise<T | undefined> {
  const end = performance.now() + patience.limit;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    const left = end - performance.now();
    if (left <= 0) return undefined;
    await delay(Math.min(patience.every ?? 100, left), patience.signal);
  }
}
