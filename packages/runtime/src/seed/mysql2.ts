import { inTransaction, quoted } from "./sql-transaction.ts";
import type { Row, Store } from "./store.ts";

interface Connection {
  query(sql: string, values?: unknown[]): Promise<[unknown, unknown]>;
}
interface PooledConnection extends Connection {
  release(): void;
}

/** What we use of `mysql2/promise`: a pool, or a connection. */
export type Mysql2Client = Connection | (Connection & { getConnection(): Promise<PooledConnection> });

/** Seeds through `mysql2/promise`. A table with a number that counts up gives it back as `id`; other rows come back as they were given. */
export function mysql2(client: Mysql2Client): Store {
  return {
    nameOf: (table) => table,
    async transaction(work) {
      const pooled = "getConnection" in client ? await client.getConnection() : undefined;
      const session: Connection = pooled ?? client;
      const find = async (table: string, where: Row): Promise<Row | undefined> => {
        const fields = Object.keys(where);
        const condition = fields.map((field) => `${quoted(field, "`")} <=> ?`).join(" AND ");
        const [rows] = await session.query(
          `SELECT * FROM ${quoted(table, "`")} WHERE ${condition} LIMIT 1`,
          fields.map((field) => plain(where[field])),
        );
        return (rows as Row[])[0];
      };
      return inTransaction(
        session,
        () =>
          work({
            find,
            async create(table, data) {
              const fields = Object.keys(data).filter((field) => data[field] !== undefined);
              const sql = `INSERT INTO ${quoted(table, "`")} (${fields.map((field) => quoted(field, "`")).join(", ")}) VALUES (${fields.map(() => "?").join(", ")})`;
              const [outcome] = await session.query(
                sql,
                fields.map((field) => plain(data[field])),
              );
              const { insertId } = outcome as { insertId?: number };
              if (!insertId) return data;
              return (await find(table, { id: insertId }).catch(() => undefined)) ?? { ...data, id: insertId };
            },
          }),
        () => pooled?.release(),
      );
    },
  };
}

/** The driver would spread an object over several columns. */
function plain(value: unknown): unknown {
  return typeof value === "object" && value !== null && !(value instanceof Date) && !Buffer.isBuffer(value) ? JSON.stringify(value) : value;
}
