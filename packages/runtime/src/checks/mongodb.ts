import type { Check, CheckOptions } from "../health/check.ts";

/** What we use of a MongoClient. */
export interface MongoClientLike {
  db(): { command(command: { ping: 1; maxTimeMS: number }): Promise<unknown> };
}

/** Sends MongoDB a `ping`. */
export function mongodb(client: MongoClientLike, options: CheckOptions = {}): Check {
  const ask = (): Promise<unknown> => client.db().command({ ping: 1, maxTimeMS: options.limit ?? 1_000 });
  return { ...options, kind: "database", ask };
}
