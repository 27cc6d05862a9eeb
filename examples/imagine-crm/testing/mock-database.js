// A database in memory, for tests of single functions. Importing it does nothing; making one in production is impossible.
import { refuseInProduction } from "@aplomo/runtime";

export function mockPool() {
  refuseInProduction("the mock database");
  const rows = new Map();
  return {
    rows,
    query: (/** @type {string} */ sql) => Promise.resolve([rows.get(sql) ?? []]),
    end: () => Promise.resolve(),
  };
}
