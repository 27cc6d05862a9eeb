import { delay } from "../time.ts";
import { runCommand } from "./command.ts";
import type { Boot, Said } from "./context.ts";
import { BootError } from "./failure.ts";

/** The connection failed, not the migration: Prisma's codes, then those of drivers and servers. */
const connection =
  /\b(P1001|P1002|P1017|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EPIPE|57P03|08006|PROTOCOL_CONNECTION_LOST)\b|the database system is (starting up|shutting down)|server closed the connection/i;
/** The migration failed, whatever else is said. */
const failed = /\bP3\d{3}\b/;

const hints: [pattern: RegExp, hint: string][] = [
  [
    /\bP3009\b|\bP3018\b/,
    "repair what it left, then `prisma migrate resolve --rolled-back NAME` (or --applied NAME); nothing is retried until then",
  ],
  [/\bP3005\b/, "the database has tables that no migration made: see Prisma's guide on baselining"],
];

/** Tries when only the connection fails: after 1, 2, 4 and 8 s. */
const tries = 5;

/** Runs the migration, again only when its connection failed; a migration that failed stops the boot. */
export async function migrate(boot: Boot, lost: AbortSignal): Promise<Said> {
  const { migrate: job } = boot.settings;
  if (!job) return "nothing to run";
  if (!boot.migrates) return "left to `aplomo deploy` or `aplomo-boot migrate` (RUN_MIGRATIONS=0)";
  const end = performance.now() + job.time_limit;
  for (let attempt = 1; ; attempt += 1) {
    const { ok, ending, tail } = await runCommand(boot, job.run, { limit: end - performance.now(), signal: lost });
    if (ok) return "applied";
    boot.signal.throwIfAborted();
    if (lost.aborted)
      throw new BootError("the connection that held the lock broke, so the migration was stopped", { hint: "the next start tries again" });
    const wait = 1_000 * 2 ** (attempt - 1);
    const again = connection.test(tail) && !failed.test(tail) && attempt < tries && performance.now() + wait < end;
    if (!again)
      throw new BootError(`the migration failed (${ending}); the server is not started on an old schema`, { hint: hintFor(tail) });
    boot.log("warn", "the migration could not reach the database; trying again", {
      attempt: `${attempt + 1} of ${tries}`,
      after: `${wait / 1_000} s`,
    });
    await delay(wait);
  }
}

function hintFor(tail: string): string {
  return hints.find(([pattern]) => pattern.test(tail))?.[1] ?? "its output above says why; correct it and start again";
}
