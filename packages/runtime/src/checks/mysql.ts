import type { Check, CheckOptions } from "../health/check.ts";

interface Query {
  sql: string;
  timeout: number;
}

/** What we use of a mysql2 pool or connection: that of `mysql2/promise`, or the one with callbacks. */
export type MysqlClient = { query(query: Query): Promise<unknown> } | { promise(): { query(query: Query): Promise<unknown> } };

/** Asks MySQL or MariaDB for `SELECT 1` through the application's own pool, so that an exhausted pool shows too. */
export function mysql(client: MysqlClient, options: CheckOptions = {}): Check {
  const ask = (): Promise<unknown> => {
    const promising = "promise" in client ? client.promise() : client;
    return promising.query({ sql: "SELECT 1", timeout: options.limit ?? 1_000 });
  };
  return { ...options, kind: "database", ask };
}
