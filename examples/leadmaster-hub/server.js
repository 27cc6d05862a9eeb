import { graceful } from "@aplomo/runtime";
import { memory, mysql } from "@aplomo/runtime/checks";
import { createPool } from "mysql2/promise";
import { createApp } from "./app.js";
import { SessionManager } from "./sessions.js";
import { readSettings } from "./settings.js";

const settings = readSettings(process.env);
const pool = createPool({ uri: settings.databaseUrl, connectionLimit: 10, connectTimeout: 5_000, enableKeepAlive: true });
const sessions = new SessionManager(pool);
await sessions.restore();

const server = createApp({ pool, sessions, webhookToken: settings.webhookToken }).listen(settings.port, settings.host);

// Says `ready` to PM2 when it listens and the database answers; answers /healthz, /readyz and /status; on SIGTERM and SIGINT finishes
// what is under way within 4 s, before PM2's 5 s are over; logs what nobody caught, with its stack.
graceful(server, {
  deadline: 4_000,
  health: settings.statusToken ? { token: settings.statusToken } : {},
  checks: {
    database: mysql(pool),
    sessions: { critical: false, ask: () => sessions.check() },
    memory: memory(),
  },
})
  .onClose("database", () => pool.end())
  .onClose("sessions", () => sessions.close());
