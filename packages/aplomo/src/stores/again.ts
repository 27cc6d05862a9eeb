import { delay } from "../base/time.ts";
import { StoreError, type Content, type Progress, type Put, type Store } from "./contract.ts";

/** How often a place is asked again when it could not be reached. */
export interface Persistence {
  /** Attempts in a row without a byte of progress; default 5. */
  attempts?: number;
  /** Milliseconds before the second attempt, doubled each time; default 1000. */
  pause?: number;
}

const longestPause = 30_000;

/** Does it until it works, as long as the failures are of the kind that passes, and starts counting anew when `progress` was told more than ever before. */
export async function again<T>(
  signal: AbortSignal,
  work: (progress: Progress) => Promise<T>,
  { attempts = 5, pause = 1_000 }: Persistence = {},
): Promise<T> {
  let furthest = 0;
  let failed = 0;
  for (;;) {
    const before = furthest;
    try {
      return await work((bytes) => (furthest = Math.max(furthest, bytes)));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof StoreError) || error.problem !== "unreachable") throw error;
      failed = furthest > before ? 1 : failed + 1;
      if (failed >= attempts) throw error;
      await delay(Math.min(pause * 2 ** (failed - 1), longestPause), signal);
    }
  }
}

/** `put`, taken up again after each cut. A copy that came out wrong is sent a second time, from the start. */
export async function putAgain(
  signal: AbortSignal,
  store: Store,
  file: string,
  name: string,
  content: Content,
  options: Persistence & { progress?: Progress } = {},
): Promise<Put> {
  const put = (): Promise<Put> =>
    again(
      signal,
      (advance) =>
        store.put(file, name, content, (bytes) => {
          advance(bytes);
          options.progress?.(bytes);
        }),
      options,
    );
  try {
    return await put();
  } catch (error) {
    if (error instanceof StoreError && error.problem === "mismatch") return put();
    throw error;
  }
}
