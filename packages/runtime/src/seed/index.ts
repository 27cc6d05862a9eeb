export { drizzle, type DrizzleLike, type DrizzleOperators, type DrizzleTable } from "./drizzle.ts";
export { knex, type KnexLike } from "./knex.ts";
export { mongodb, type MongoLike, type MongoOptions } from "./mongodb.ts";
export { mysql2, type Mysql2Client } from "./mysql2.ts";
export { pg, type PgClient } from "./pg.ts";
export { prisma, type PrismaLike } from "./prisma.ts";
export { type Ensure, type EnsureOptions, seed, type SeedOptions, type SeedSummary } from "./seed.ts";
export type { Row, Store, Tables } from "./store.ts";
