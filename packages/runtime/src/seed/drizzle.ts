import type { Row, Store } from "./store.ts";

interface Limited {
  limit(count: number): PromiseLike<Row[]>;
}
interface Inserted extends PromiseLike<unknown> {
  returning?: () => PromiseLike<Row[]>;
}
interface Inside {
  select(): { from(table: never): { where(condition: never): Limited } };
  insert(table: never): { values(data: never): Inserted };
}

/** What we use of a Drizzle database. */
export interface DrizzleLike {
  transaction<T>(work: (inside: never) => Promise<T>): Promise<T>;
}

/** Drizzle's own operators, from `drizzle-orm`: this package depends on nothing. */
export interface DrizzleOperators {
  and: (...conditions: never[]) => unknown;
  eq: (column: never, value: unknown) => unknown;
}

/** A table made with `pgTable`, `mysqlTable` or `sqliteTable`. */
export type DrizzleTable = object;

/** Seeds through Drizzle: `drizzle(db, { and, eq })`; tables are Drizzle's, fields their keys. */
export function drizzle(db: DrizzleLike, operators: DrizzleOperators): Store<DrizzleTable> {
  const find = async (inside: Inside, table: DrizzleTable, where: Row): Promise<Row | undefined> => {
    const conditions = Object.entries(where).map(([field, value]) => operators.eq((table as Record<string, never>)[field] as never, value));
    return (
      await inside
        .select()
        .from(table as never)
        .where(operators.and(...(conditions as never[])) as never)
        .limit(1)
    )[0];
  };
  return {
    nameOf: (table) => (table as Record<symbol, string | undefined>)[Symbol.for("drizzle:Name")] ?? "table",
    transaction: (work) =>
      db.transaction((inside: Inside) =>
        work({
          find: (table, where) => find(inside, table, where),
          async create(table, data) {
            const insert = inside.insert(table as never).values(data as never);
            if (insert.returning) return (await insert.returning())[0] ?? data;
            await insert;
            return (await find(inside, table, data)) ?? data;
          },
        }),
      ),
  };
}
