import { createPool } from "mysql2/promise";

/** @param {string} uri */
export function openPool(uri) {
  return createPool({ uri, connectionLimit: 10, connectTimeout: 5_000, enableKeepAlive: true, decimalNumbers: true });
}

/** For one-shot work: a pool that ends with it. @param {(pool: import("mysql2/promise").Pool) => Promise<void>} work */
export async function withPool(work) {
  if (!process.env.DATABASE_URL) throw new Error("DATABASE_URL is not set: there is no other database to fall back to");
  const pool = openPool(process.env.DATABASE_URL);
  try {
    await work(pool);
  } finally {
    await pool.end();
  }
}
