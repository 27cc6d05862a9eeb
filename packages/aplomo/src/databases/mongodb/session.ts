import type { Db, MongoClient } from "mongodb";
import { AplomoError, reason } from "../../base/errors.ts";
import { driver } from "./driver.ts";
import type { Context } from "../../host/context.ts";
import type { Client } from "./client.ts";

/** Milliseconds to wait for a server at all. */
const patience = 10_000;

/** A server that is talked to. */
export interface Session {
  client: MongoClient;
  /** A database of it, by its name on the server. */
  db(name: string): Db;
  /** Asks the server itself. */
  admin(command: Record<string, unknown>): Promise<Record<string, unknown>>;
}

/** Opens a connection for a piece of work, and closes it whatever comes of that. */
export async function withSession<T>(ctx: Context, client: Client, subject: string, work: (session: Session) => Promise<T>): Promise<T> {
  const { MongoClient } = await driver();
  ctx.signal.throwIfAborted();
  const opened = new MongoClient(client.uri.reveal(), {
    appName: "aplomo",
    serverSelectionTimeoutMS: patience,
    connectTimeoutMS: patience,
    maxPoolSize: 2,
    readPreference: "primary",
    writeConcern: { w: "majority", journal: true },
  });
  // What is under way ends with its connection.
  const stop = (): void => void opened.close(true).catch(() => {});
  ctx.signal.addEventListener("abort", stop, { once: true });
  try {
    await opened.connect();
    return await work({
      client: opened,
      db: (name) => opened.db(name),
      admin: (command) => opened.db("admin").command(command),
    });
  } catch (cause) {
    ctx.signal.throwIfAborted();
    throw cause instanceof AplomoError ? cause : new AplomoError({ operation: "ask", subject, cause: explained(cause) });
  } finally {
    ctx.signal.removeEventListener("abort", stop);
    await opened.close(true).catch(() => {});
  }
}

/** What the server said, with its number. A message of the driver's that shows no document stays as it is. */
function explained(cause: unknown): string {
  const { code } = cause as { code?: unknown };
  return typeof code === "number" ? `${reason(cause)} (error ${code})` : reason(cause);
}

/** The number of a server's refusal; undefined for anything else. */
export function codeOf(error: unknown): number | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === "number" ? code : undefined;
}
