const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds in `500ms`, `10s`, `2m`, `1h`, or a bare number of seconds; undefined when it is none of these. */
export function parseDuration(text: string | number): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/.exec(String(text).trim());
  return match ? Number(match[1]) * units[(match[2] ?? "s") as keyof typeof units] : undefined;
}

/** Resolves after `ms`. */
export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** What `within` rejects with when the time is up. */
export class LateError extends Error {
  constructor(ms: number) {
    super(`no answer within ${Math.round(ms)} ms`);
    this.name = "LateError";
  }
}

/** The promise's outcome, or a LateError after `ms`. The promise itself goes on; its later rejection is swallowed. */
export function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new LateError(ms)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
