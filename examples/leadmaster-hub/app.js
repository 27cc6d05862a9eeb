import { readFileSync } from "node:fs";
import express from "express";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

/**
 * @param {{ pool: import("mysql2/promise").Pool, sessions: import("./sessions.js").SessionManager, webhookToken: string }} context
 */
export function createApp({ pool, sessions, webhookToken }) {
  const app = express();
  app.disable("x-powered-by");
  app.use(express.json({ limit: "64kb" }));

  app.get("/", async (_request, response) => {
    const [[{ leads }]] = /** @type {any} */ (await pool.query("SELECT count(*) AS leads FROM leads"));
    response.json({ app: "leadmaster-hub", version, leads, sessions: sessions.size });
  });

  app.get("/leads", async (_request, response) => {
    const [rows] = await pool.query("SELECT id, name, phone, source FROM leads ORDER BY id DESC LIMIT 50");
    response.json(rows);
  });

  // 202 would promise less than the caller needs: 201 comes after the row is committed.
  app.post("/webhook/leads", async (request, response) => {
    if (request.get("authorization") !== `Bearer ${webhookToken}`) return response.status(401).json({ error: "not authorised" });
    const { name, phone, source = "web" } = request.body ?? {};
    if (!name || !phone) return response.status(400).json({ error: "name and phone are needed" });
    const [{ insertId }] = await pool.query("INSERT INTO leads (name, phone, source) VALUES (?, ?, ?)", [name, phone, source]);
    return response.status(201).json({ id: insertId });
  });

  app.post("/sessions/:phone", async ({ params }, response) => {
    await sessions.connect(params.phone);
    response.status(201).json({ phone: params.phone });
  });

  app.use((error, _request, response, _next) => {
    console.error(error.stack);
    response.status(500).json({ error: "internal error" });
  });
  return app;
}
