// A PM2 of our own: its home is temporary, so that nobody else's processes are touched.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { bench } from "../prepare.mjs";

const program = join(bench, "../../../node_modules/.bin/pm2");

/** Starts the app of `reload/app.cjs` as two cluster workers; returns reload() and end(). */
export async function startPm2({ mode, port, wait, runtime, wait_ready = mode === "aplomo", kill_timeout = 6_000 }) {
  const home = await mkdtemp(join(tmpdir(), "aplomo-pm2-"));
  const run = promisify(execFile);
  const env = { ...process.env, PM2_HOME: home, NODE_ENV: "production" };
  const pm2 = (...args) => run(program, args, { env });
  const app = {
    name: "bench",
    script: join(bench, "reload/app.cjs"),
    exec_mode: "cluster",
    instances: 2,
    kill_timeout,
    wait_ready,
    listen_timeout: 10_000,
    env: { MODE: mode, PORT: String(port), DELAY: String(wait), NODE_ENV: "production", ...(runtime ? { APLOMO_RUNTIME: runtime } : {}) },
  };
  await writeFile(join(home, "ecosystem.config.cjs"), `module.exports = ${JSON.stringify({ apps: [app] })};\n`);
  await pm2("start", join(home, "ecosystem.config.cjs"));
  return {
    home,
    reload: () => pm2("reload", "bench"),
    async end() {
      await pm2("kill").catch(() => undefined);
      await rm(home, { recursive: true, force: true });
    },
  };
}
