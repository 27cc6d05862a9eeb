import { readFileSync } from "node:fs";
import express from "express";
import { isPassword, notes, sessions } from "./secrets.js";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

/**
 * @param {import("mysql2/promise").Pool} pool
 * @param {{ sessionSecret: string, encryptionKey: string }} settings
 */
export function createApp(pool, { sessionSecret, encryptionKey }) {
  const session = sessions(sessionSecret);
  const note = notes(encryptionKey);
  const app = express();
  app.disable("x-powered-by");
  app.use(express.json({ limit: "64kb" }));

  app.get("/login", (_request, response) => {
    response
      .type("html")
      .send(`<!doctype html><html lang="es"><title>Imagine CRM</title><h1>Iniciar sesión</h1><footer>${version}</footer></html>`);
  });

  app.post("/login", async ({ body }, response) => {
    const [[user]] = await pool.query("SELECT id, password_hash FROM users WHERE email = ?", [String(body?.email)]);
    if (!user || !isPassword(String(body?.password), user.password_hash)) return response.status(401).json({ error: "no" });
    return response.cookie("crm", session.write(user.id), { httpOnly: true, sameSite: "lax" }).json({ ok: true });
  });

  // From here on somebody is logged in, and sees their own tenant alone.
  app.use(async (request, response, next) => {
    const [[user]] = await pool.query("SELECT id, tenant_id AS tenant FROM users WHERE id = ?", [session.read(request.get("cookie")) ?? 0]);
    if (!user) return response.status(401).json({ error: "log in first" });
    response.locals.tenant = user.tenant;
    return next();
  });

  app.get("/dashboard", async (_request, response) => {
    const { tenant } = response.locals;
    const [stages] = await pool.query("SELECT stage, deals FROM summary_deals_by_stage WHERE tenant_id = ?", [tenant]);
    const [months] = await pool.query("SELECT month, revenue FROM summary_revenue_by_month WHERE tenant_id = ? ORDER BY month", [tenant]);
    response.json({ stages, months });
  });

  app.get("/contacts/:id", async ({ params }, response) => {
    const where = [response.locals.tenant, Number(params.id)];
    const [[contact]] = await pool.query("SELECT id, name, phone, note FROM contacts WHERE tenant_id = ? AND id = ?", where);
    if (!contact) return response.status(404).json({ error: "no such contact" });
    return response.json({ ...contact, note: contact.note && note.open(contact.note) });
  });

  app.post("/contacts", async ({ body }, response) => {
    const row = [response.locals.tenant, String(body.name), String(body.phone ?? ""), body.note ? note.seal(String(body.note)) : null];
    const [{ insertId }] = await pool.query("INSERT INTO contacts (tenant_id, name, phone, note) VALUES (?, ?, ?, ?)", row);
    response.status(201).json({ id: insertId });
  });

  app.use((error, _request, response, _next) => {
    console.error(error.stack);
    response.status(500).json({ error: "internal error" });
  });
  return app;
}
