import { graceful } from "@aplomo/runtime";
import { mysql } from "@aplomo/runtime/checks";
import { createApp } from "./app.js";
import { openPool } from "./db.js";
import { readSettings } from "./settings.js";

const settings = readSettings(process.env);
const pool = openPool(settings.databaseUrl);
const server = createApp(pool, settings).listen(settings.port, settings.host, () => console.log(`listening on ${settings.port}`));

graceful(server, { checks: { database: mysql(pool) } }).onClose("database", () => pool.end());
