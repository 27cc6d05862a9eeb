import { inTransaction, quoted } from "./sql-transaction.ts";
import type { Row, Store } from "./store.ts";

interface Queries {
  query(sql: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

/** What we use of a `pg` Pool, or of a connected Client. */
export type PgClient = Queries | (Queries & { connect(): Promise<Queries & { release(): void }> });

/** Seeds through `pg`. Tables may be `name` or `schema.name`; plain objects and arrays of objects are written as JSON. */
export function pg(client: PgClient): Store {
  return {
    nameOf: (table) => table,
    async transaction(work) {
      const pooled = "connect" in client && "totalCount" in client ? await client.connect() : undefined;
      const session: Queries = pooled ?? client;
      return inTransaction(
        session,
        () =>
          work({
            async find(table, where) {
              const { text, values } = condition(where);
              return (await session.query(`SELECT * FROM ${quoted(table, '"')} WHERE ${text} LIMIT 1`, values)).rows[0];
            },
            async create(table, data) {
              const fields = Object.keys(data).filter((field) => data[field] !== undefined);
              const marks = fields.map((_, i) => `$${i + 1}`).join(", ");
              const sql = `INSERT INTO ${quoted(table, '"')} (${fields.map((field) => quoted(field, '"')).join(", ")}) VALUES (${marks}) RETURNING *`;
              return (
                (
                  await session.query(
                    sql,
                    fields.map((field) => data[field]),
                  )
                ).rows[0] ?? {}
              );
            },
          }),
        () => pooled?.release(),
      );
    },
  };
}

function condition(where: Row): { text: string; values: unknown[] } {
  const fields = Object.keys(where);
  return {
    text: fields.map((field, i) => `${quoted(field, '"')} IS NOT DISTINCT FROM $${i + 1}`).join(" AND "),
    values: fields.map((field) => where[field]),
  };
}
