// Creates the first tenant and its administrator when they are absent; changes and deletes nothing, so it runs after every deploy.
// `--samples`: a second tenant, and what the two of them have gathered: 3,000 contacts and 4,800 deals.
import { withPool } from "./db.js";
import { hashPassword } from "./secrets.js";

await withPool(async (pool) => {
  const admin = await ensure("Imagine", process.env.ADMIN_EMAIL, process.env.ADMIN_PASSWORD);
  if (!process.argv.includes("--samples")) return;
  const other = await ensure("Estudio Norte", "admin@norte.example", process.env.ADMIN_PASSWORD);
  for (const tenant of [admin, other]) await samples(tenant);

  /**
   * @param {string} name
   * @param {string | undefined} email
   * @param {string | undefined} password
   */
  async function ensure(name, email, password) {
    if (!email || (password ?? "").length < 12) throw new Error("ADMIN_EMAIL and an ADMIN_PASSWORD of 12 characters or more are needed");
    const [created] = await pool.query("INSERT IGNORE INTO tenants (name) VALUES (?)", [name]);
    const [[tenant]] = await pool.query("SELECT id FROM tenants WHERE name = ?", [name]);
    console.log(`bootstrap: tenant ${name} ${created.affectedRows ? "created" : "is already there"}`);
    const [[user]] = await pool.query("SELECT id FROM users WHERE email = ?", [email]);
    if (!user) {
      const row = [tenant.id, email, hashPassword(/** @type {string} */ (password))];
      await pool.query("INSERT INTO users (tenant_id, email, password_hash) VALUES (?, ?, ?)", row);
    }
    console.log(`bootstrap: administrator ${email} ${user ? "is already there" : "created"}`);
    return tenant.id;
  }

  /** @param {number} tenant */
  async function samples(tenant) {
    const [[{ had }]] = await pool.query("SELECT count(*) AS had FROM contacts WHERE tenant_id = ?", [tenant]);
    if (had > 0) return;
    await pool.query(
      "INSERT INTO contacts (tenant_id, name, phone) SELECT ?, concat('Contacto ', seq), concat('55 ', lpad(seq, 8, '0')) FROM seq_1_to_1500",
      [tenant],
    );
    await pool.query(
      `INSERT INTO deals (tenant_id, contact_id, stage, amount, opened_on)
       SELECT ?, (SELECT min(id) FROM contacts WHERE tenant_id = ?) + seq % 1500, elt(1 + seq % 4, 'nuevo', 'propuesta', 'ganado', 'perdido'),
         100 + seq % 900, date_add('2025-01-01', INTERVAL seq % 330 DAY) FROM seq_1_to_2400`,
      [tenant, tenant],
    );
    console.log(`bootstrap: 1500 contacts and 2400 deals for tenant ${tenant}`);
  }
}).catch((error) => {
  console.error(`bootstrap: ${error.message}`);
  process.exitCode = 1;
});
