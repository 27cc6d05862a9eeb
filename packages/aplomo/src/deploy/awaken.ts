import { poll } from "../base/time.ts";
import type { Work } from "./step.ts";

/** A database that was killed reads its log first. */
const limit = 60_000;

/**
 * Before anything is taken back: the very failure may have been that the engine or a database died and comes again. What does not come
 * is told by the step that needs it.
 */
export async function awaken({ target, databases }: Pick<Work, "target" | "databases">): Promise<void> {
  const answer = async (): Promise<true> => {
    await target.wakeData?.();
    for (const database of databases) await database.check();
    return true;
  };
  await poll(() => answer().catch(() => undefined), { limit, every: 500 });
}
