import type { Row, Store } from "./store.ts";

interface Query {
  where(where: Row): { first(): PromiseLike<Row | undefined> };
  insert(data: Row, returning?: string): PromiseLike<unknown[]>;
}

/** What we use of a Knex instance. */
export interface KnexLike {
  /** Knex' own description of the database. */
  client?: { dialect?: string };
  transaction<T>(work: (inside: (table: string) => Query) => Promise<T>): Promise<T>;
}

/** Seeds through Knex. Where the database cannot give an inserted row back (MySQL), it is read by its `id`. */
export function knex(client: KnexLike): Store {
  const givesBack = client.client?.dialect !== "mysql";
  return {
    nameOf: (table) => table,
    transaction: (work) =>
      client.transaction((inside) =>
        work({
          find: async (table, where) => inside(table).where(where).first(),
          async create(table, data) {
            const [row] = await (givesBack ? inside(table).insert(data, "*") : inside(table).insert(data));
            if (typeof row === "object" && row !== null) return row as Row;
            return (await inside(table).where({ id: row }).first()) ?? data;
          },
        }),
      ),
  };
}
