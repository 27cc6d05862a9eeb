/** What this version of the code reads and writes, column by column. */
export const expected = {
  tenants: ["id", "name"],
  users: ["id", "tenant_id", "email", "password_hash"],
  contacts: ["id", "tenant_id", "name", "phone", "note"],
  deals: ["id", "tenant_id", "contact_id", "stage", "amount", "opened_on", "owner_id"],
  summary_deals_by_stage: ["tenant_id", "stage", "deals"],
  summary_revenue_by_month: ["tenant_id", "month", "revenue"],
};

/** What is missing in the live schema: `deals.owner_id`. @param {import("mysql2/promise").Pool} pool */
export async function drift(pool) {
  const [rows] = await pool.query(
    "SELECT concat(TABLE_NAME, '.', COLUMN_NAME) AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = database()",
  );
  const live = new Set(/** @type {{ name: string }[]} */ (rows).map(({ name }) => name));
  return Object.entries(expected)
    .flatMap(([table, columns]) => columns.map((column) => `${table}.${column}`))
    .filter((name) => !live.has(name));
}
