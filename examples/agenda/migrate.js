// Brings the database's tables to what this version needs: `node migrate.js`. Nothing happens when they are there already.
import { readSettings } from "./settings.js";
import { migrate } from "./storage/migrations.js";
import { openStorage } from "./storage/open.js";

try {
  const storage = openStorage(readSettings(process.env), { migrating: true });
  try {
    const { count, last } = await migrate(storage);
    console.log(`migrate: ${count === 0 ? "nothing to do" : `${count} applied`}, the database is at ${last}`);
  } finally {
    await storage.close();
  }
} catch (error) {
  console.error(`migrate: failed: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
