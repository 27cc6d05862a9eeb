// Can run at every start: creates what is missing, leaves everything else alone, deletes nothing.
import pgClient from "pg";
import { pg, seed } from "@aplomo/runtime/seed";

const pool = new pgClient.Pool({ connectionString: process.env.DATABASE_URL });
await seed(pg(pool), async (ensure) => {
  const clinic = await ensure("clinics", { by: "slug" }, { slug: "central", name: "Central clinic" });
  await ensure(
    "users",
    { by: "email", ignore: ["password_hash"] },
    { email: "ana@example.com", clinic_id: clinic.id, password_hash: "..." },
  );
});
await pool.end();
