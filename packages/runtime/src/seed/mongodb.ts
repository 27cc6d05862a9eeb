import type { Row, Store } from "./store.ts";

interface Collection {
  findOne(filter: Row, options: object): Promise<Row | null>;
  insertOne(document: Row, options: object): Promise<{ insertedId: unknown }>;
}

interface Session {
  withTransaction<T>(work: () => Promise<T>): Promise<T>;
  endSession(): Promise<void>;
}

/** What we use of a MongoClient. */
export interface MongoLike {
  startSession(): Session;
  db(name?: string): { collection(name: string): unknown };
}

export interface MongoOptions {
  /** Default: the one in the connection's URL. */
  database?: string;
  /** False for a standalone server, which knows no transactions: then a failure leaves what was created before it. Default true. */
  transactions?: boolean;
}

/** Seeds through `mongodb`; tables are collections. */
export function mongodb(client: MongoLike, { database, transactions = true }: MongoOptions = {}): Store {
  const collection = (name: string): Collection => client.db(database).collection(name) as Collection;
  return {
    nameOf: (table) => table,
    async transaction(work) {
      const session = transactions ? client.startSession() : undefined;
      const options = session ? { session } : {};
      const all = (): ReturnType<typeof work> =>
        work({
          find: async (table, where) => (await collection(table).findOne(where, options)) ?? undefined,
          async create(table, data) {
            // The driver writes the id into what it is given.
            const document = { ...data };
            const { insertedId } = await collection(table).insertOne(document, options);
            return { ...document, _id: insertedId };
          },
        });
      try {
        return session ? await session.withTransaction(all) : await all();
      } finally {
        await session?.endSession();
      }
    },
  };
}
