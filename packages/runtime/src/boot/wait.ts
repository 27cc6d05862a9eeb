import { delay } from "../time.ts";
import { connectDatabase, knock } from "../wire/connect.ts";
import { readAddress } from "../wire/address.ts";
import { DatabaseError, type Session } from "../wire/session.ts";
import type { Boot, Said } from "./context.ts";
import { BootError } from "./failure.ts";

/** Milliseconds between two tries, and between two lines about them. */
const every = 500;
const sayEvery = 5_000;

/** Answers of a server that will not change by waiting: wrong password, no such database (PostgreSQL, then MySQL). */
const final = new Set(["28P01", "28000", "3D000", "AUTH", "TLS", "1044", "1045", "1049"]);

/** Waits for every server named in the environment, within one budget. */
export async function waitForDatabases(boot: Boot): Promise<Said> {
  const { database } = boot.settings;
  const end = performance.now() + database.wait;
  const names = [database.url, ...database.also].filter((name) => readAddress(boot.env[name] ?? ""));
  for (const name of names) await waitFor(boot, name, end);
  return names.length > 0 ? `${names.join(", ")} answered` : "no database to wait for";
}

async function waitFor(boot: Boot, name: string, end: number): Promise<void> {
  const url = boot.env[name] ?? "";
  const { host, port } = readAddress(url)?.address ?? { host: "", port: 0 };
  await patiently(boot, { subject: `${name} (${host}:${port})`, end }, () => knock(url));
}

/** A session of the database behind a variable, waited for; null when it is a kind we only wait for. */
export function openSession(boot: Boot, name: string): Promise<Session | null> {
  const url = boot.env[name] ?? "";
  if (!readAddress(url)) return Promise.resolve(null);
  return patiently(boot, { subject: name, end: performance.now() + boot.settings.database.wait }, () => connectDatabase(url));
}

async function patiently<T>(boot: Boot, { subject, end }: { subject: string; end: number }, ask: () => Promise<T>): Promise<T> {
  const start = performance.now();
  let said = start;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const why = boot.redact((error as Error).message || String((error as { code?: unknown }).code));
      const now = performance.now();
      if (error instanceof DatabaseError && final.has(error.code))
        throw new BootError(`${subject} refused: ${why}`, { hint: "correct its URL; waiting will not help" });
      if (now + every > end)
        throw new BootError(`${subject} did not answer within ${seconds(now - start)}: ${why}`, {
          hint: "is it running, and reachable from here?",
        });
      if (now - said >= sayEvery) {
        said = now;
        boot.log("info", `waiting for ${subject}`, { waited: seconds(now - start), reason: why });
      }
    }
    boot.signal.throwIfAborted();
    await delay(every);
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}
