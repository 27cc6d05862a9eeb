import type { Row, Store } from "./store.ts";

interface Model {
  findFirst(query: { where: Row }): Promise<Row | null>;
  create(query: { data: Row }): Promise<Row>;
}

/** What we use of a PrismaClient. */
export interface PrismaLike {
  $transaction<T>(work: (client: never) => Promise<T>, options?: { timeout: number }): Promise<T>;
}

/** Prisma ends a transaction after 5 s by itself: too short for hashing a few passwords. */
const timeout = 60_000;

/** Seeds through Prisma; tables are models as the client calls them: `user`, `clinicHours`. */
export function prisma(client: PrismaLike): Store {
  return {
    nameOf: (table) => table,
    transaction: (work) =>
      client.$transaction(
        (inside: Record<string, unknown>) =>
          work({
            find: async (table, where) => (await model(inside, table).findFirst({ where })) ?? undefined,
            create: (table, data) => model(inside, table).create({ data }),
          }),
        { timeout },
      ),
  };
}

function model(client: Record<string, unknown>, name: string): Model {
  const found = client[name];
  if (typeof found !== "object" || found === null || !("findFirst" in found))
    throw new TypeError(`seed: Prisma's client has no model ${name}`);
  return found as Model;
}
