// The process: opens the database, listens, says when it is ready, and stops without losing a request.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createApp } from "./app.js";
import { stopGracefully } from "./graceful.js";
import { health } from "./health.js";
import { readSettings } from "./settings.js";
import { openStorage } from "./storage/open.js";

try {
  await start(readSettings(process.env));
} catch (error) {
  console.error(`agenda: could not start: ${/** @type {Error} */ (error).message}`);
  process.exit(1);
}

/** @param {import("./settings.js").Settings} settings */
async function start(settings) {
  const log = (/** @type {string} */ line) => console.log(`agenda: ${line}`);
  const storage = openStorage(settings);
  const server = createServer(createApp({ storage, settings, stopping: () => state.stopping }));
  const state = stopGracefully(server, { drain: settings.drain, release: () => storage.close(), log });

  await new Promise((resolve, reject) => void server.once("error", reject).listen(settings.port, settings.host, () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  log(`${settings.version} (release ${settings.release}) listens on http://${settings.host}:${port}, ${storage.engine}`);

  let reason;
  while (!state.stopping) {
    const { status, body } = await health(storage, settings, false);
    if (status === 200) break;
    const said = JSON.stringify(body);
    if (said !== reason) log(`not ready: ${said}`);
    reason = said;
    await sleep(500);
  }
  if (state.stopping) return;
  log("ready");
  // PM2 with wait_ready, and a test that started this process, wait for this word.
  process.send?.("ready");
}
