import { connect as connectSocket } from "node:net";
import { within } from "../time.ts";
import { type Kind, readAddress } from "./address.ts";
import { connectMysql } from "./mysql.ts";
import { connectPostgres } from "./postgres.ts";
import type { Address, Session } from "./session.ts";

const drivers: Partial<Record<Kind, (address: Address) => Promise<Session>>> = { postgres: connectPostgres, mysql: connectMysql };

/** Milliseconds from the first packet to being logged in. */
const patience = 5_000;

/** Connects and logs in within 5 s; null for a kind of database that is only waited for. Throws when the URL is none. */
export async function connectDatabase(url: string): Promise<Session | null> {
  const { kind, address } = known(url);
  const driver = drivers[kind];
  if (!driver) return null;
  const session = driver(address);
  return within(session, patience).catch(async (error: unknown) => {
    // It may still succeed: then nobody wants it.
    session.then(
      (late) => late.close(),
      () => undefined,
    );
    throw error;
  });
}

/** Resolves when the database answers: a login and `SELECT 1` where we speak its language, else an open connection. */
export async function knock(url: string): Promise<void> {
  const session = await connectDatabase(url);
  if (session) {
    await within(session.query("SELECT 1"), patience).finally(() => session.close());
    return;
  }
  const { host, port } = known(url).address;
  const socket = connectSocket(port, host);
  const open = new Promise<void>((resolve, reject) => {
    socket.once("connect", () => resolve());
    socket.once("error", reject);
  });
  await within(open, patience).finally(() => socket.destroy());
}

function known(url: string): { kind: Kind; address: Address } {
  const found = readAddress(url);
  if (!found) throw new Error("not the URL of a database server");
  return found;
}
