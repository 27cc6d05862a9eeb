import { AplomoError, reason } from "../../base/errors.ts";
import { delay } from "../../base/time.ts";
import type { Context } from "../../host/context.ts";
import { Session } from "../session.ts";
import { clientCommand, type Client } from "./client.ts";
import { identifier } from "./quote.ts";
import { talkOf } from "./session.ts";
import { listTables } from "./tables.ts";

/** Writers that wait. */
export interface Hold {
  /** Milliseconds for which they already did while it was taken. */
  waitedMs: number;
  /** Lets them go on; never throws. */
  release(): Promise<void>;
}

/** Whoever writes waits behind the lock that waits, so it is given up soon and tried again. */
const waitSeconds = 1;
const attempts = 12;

/**
 * Holds up all writers: the whole server's for the moment, or, where that is not allowed, those of the database's own tables.
 * `first` is a session that may be used for it; a lock that is given up ends its session, so later ones are new.
 */
export async function hold(ctx: Context, client: Client, first: Session, subject: string): Promise<Hold> {
  let session = first;
  let whole = true;
  for (let attempt = 1; ; attempt += 1) {
    const from = performance.now();
    try {
      const tables = whole ? "" : (await listTables(session)).map(({ name }) => `${identifier(name)} READ`).join(", ");
      const lock = whole ? "FLUSH TABLES WITH READ LOCK" : tables === "" ? "DO 0" : `LOCK TABLES ${tables}`;
      await session.run(`SET SESSION lock_wait_timeout = ${waitSeconds}; ${lock};`);
      const held = session;
      const release = async (): Promise<void> => {
        await held.run("UNLOCK TABLES;").catch(() => {});
        if (held !== first) await held.close();
      };
      return { waitedMs: performance.now() - from, release };
    } catch (error) {
      if (session !== first) await session.close();
      ctx.signal.throwIfAborted();
      if (whole && /\(error (?:1227|1044|1045|1142)\)/.test(reason(error))) whole = false;
      else if (!/\(error 1205\)/.test(reason(error)) || attempt >= attempts) throw explained(error, subject);
      else await delay(250 * attempt, ctx.signal);
      session = await Session.open(ctx, talkOf(client.tools.flavour), clientCommand(client, client.address.database), subject);
    }
  }
}

function explained(error: unknown, subject: string): unknown {
  if (!/\(error 1205\)/.test(reason(error))) return error;
  return new AplomoError({
    operation: "take a consistent snapshot of",
    subject,
    cause: `writers could not be held up for a moment: in ${attempts} attempts a statement or transaction ran for longer than ${waitSeconds} s each time`,
    hint: "Look for it with SHOW FULL PROCESSLIST, and back up when it is done.",
  });
}
