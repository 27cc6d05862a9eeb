import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@prisma/client";

/** There is no other database to fall back to: without DATABASE_URL nothing starts. */
export function connect() {
  const connectionString = process.env.DATABASE_URL;
  if (!connectionString) throw new Error("DATABASE_URL is not set: the planner has no other database to fall back to");
  return new PrismaClient({ adapter: new PrismaPg({ connectionString, max: 8, connectionTimeoutMillis: 3_000 }) });
}

let shared;

/** One for the whole server, opened by the first request: building the pages needs no database. */
export function db() {
  return (shared ??= connect());
}
