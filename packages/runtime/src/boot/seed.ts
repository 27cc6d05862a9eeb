import { quoted } from "../seed/sql-transaction.ts";
import { readAddress } from "../wire/address.ts";
import { runCommand } from "./command.ts";
import type { Boot, Said } from "./context.ts";
import { BootError } from "./failure.ts";
import { openSession } from "./wait.ts";

/** Runs the seed: always when it says that it is idempotent, else only while its table is empty. */
export async function seed(boot: Boot, lost: AbortSignal): Promise<Said> {
  const { seed: job } = boot.settings;
  if (!job) return "nothing to run";
  if (job.empty !== undefined && !(await isEmpty(boot, job.empty))) return `left out: ${job.empty} has rows`;
  const { ok, ending } = await runCommand(boot, job.run, { limit: job.time_limit, signal: lost });
  boot.signal.throwIfAborted();
  if (!ok) throw new BootError(`the seed failed (${ending})`, { hint: "its output above says why; correct it and start again" });
  return "done";
}

async function isEmpty(boot: Boot, table: string): Promise<boolean> {
  const name = boot.settings.database.url;
  const session = await openSession(boot, name);
  if (!session)
    throw new BootError(`seed.empty needs PostgreSQL or MySQL behind ${name}`, {
      hint: "make the seed idempotent instead, and say `idempotent: true`",
    });
  const mark = readAddress(boot.env[name] ?? "")?.kind === "mysql" ? "`" : '"';
  try {
    return (await session.query(`SELECT 1 FROM ${quoted(table, mark)} LIMIT 1`)).length === 0;
  } catch (error) {
    throw new BootError(`could not look into ${table}: ${boot.redact((error as Error).message)}`, {
      hint: "is seed.empty the table's name, and was it migrated?",
    });
  } finally {
    session.close();
  }
}
