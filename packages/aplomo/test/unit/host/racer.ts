import { LockedError } from "../../../src/base/errors.ts";
import { takeLock } from "../../../src/host/lock.ts";

/** A process of its own for lock.test.ts: takes the lock of each folder it is sent, and says how that ended. */
process.on("message", (folder: string) => {
  takeLock(folder, "race").then(
    () => process.send?.("won"),
    (error: unknown) => process.send?.(error instanceof LockedError ? "locked" : String(error)),
  );
});
process.send?.("ready");
