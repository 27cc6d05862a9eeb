import type { Check, CheckOptions } from "../health/check.ts";

/** What we use of a `pg` Pool or Client. */
export interface PostgresClient {
  query(query: { text: string; query_timeout: number }): Promise<unknown>;
}

/** Asks PostgreSQL for `SELECT 1` through the application's own pool, so that an exhausted pool shows too. */
export function postgres(client: PostgresClient, options: CheckOptions = {}): Check {
  // pg ends the query itself, so that a dead connection leaves the pool.
  const ask = (): Promise<unknown> => client.query({ text: "SELECT 1", query_timeout: options.limit ?? 1_000 });
  return { ...options, kind: "database", ask };
}
