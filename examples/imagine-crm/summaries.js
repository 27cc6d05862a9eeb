// Derived data: refreshed after a migration, step by step. A step that fails is named and leaves the rows it had; the others are refreshed.
// `node summaries.js` refreshes all, `node summaries.js revenue_by_month` one.
import { withPool } from "./db.js";

/** @type {Record<string, string>} */
const steps = {
  deals_by_stage: "SELECT tenant_id, stage, count(*) FROM deals GROUP BY tenant_id, stage",
  revenue_by_month: `SELECT tenant_id, date_format(opened_on, '%Y-%m'), sum(coalesce(amount, 0)) FROM deals WHERE stage = 'ganado' GROUP BY 1, 2`,
};

const [only] = process.argv.slice(2);
if (only && !Object.hasOwn(steps, only)) throw new Error(`there is no summary ${only}: ${Object.keys(steps).join(", ")}`);

await withPool(async (pool) => {
  for (const name of only ? [only] : Object.keys(steps)) {
    const connection = await pool.getConnection();
    try {
      await connection.beginTransaction();
      await connection.query(`DELETE FROM summary_${name}`);
      const [{ affectedRows }] = await connection.query(`INSERT INTO summary_${name} ${steps[name]}`);
      await connection.commit();
      console.log(`summaries: ${name} refreshed, ${affectedRows} rows`);
    } catch (error) {
      await connection.rollback();
      console.error(`summaries: ${name} failed and is as it was: ${error.message}`);
      process.exitCode = 1;
    } finally {
      connection.release();
    }
  }
});
