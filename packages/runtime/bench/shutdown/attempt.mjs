import { spawn } from "node:child_process";
import { join } from "node:path";
import { bench, delay, freePort } from "../prepare.mjs";
import { get } from "./client.mjs";

/**
 * One library, one case. `env` and `node` are for trying other builds and versions of Node.
 * Gives what the client saw (`ok`), how the process ended (`code`, `signal`; neither when it did not within 12 s), and a cell's text.
 */
export async function attempt(library, { act, passed }, limit, { env = {}, node = process.execPath } = {}) {
  const port = await freePort();
  const child = spawn(node, [join(bench, "shutdown/server.mjs"), library, String(port), String(limit)], {
    stdio: "ignore",
    env: { ...process.env, NODE_ENV: "production", ...env },
  });
  const exit = new Promise((resolve) => {
    child.on("exit", (code, signal) => resolve({ code, signal, at: performance.now() }));
  });
  try {
    while ((await get(port, "/")).lost) await delay(20);
    let start = 0;
    const seen = await act(port, (signal = "SIGTERM") => {
      start ||= performance.now();
      child.kill(signal);
    });
    start ||= performance.now();
    const left = Math.max(0, 12_000 - (performance.now() - start));
    const end = await Promise.race([exit, delay(left).then(() => ({ code: null, signal: null, at: Number.POSITIVE_INFINITY }))]);
    seen.done?.();
    const ms = Math.max(0, end.at - start);
    const text = [seen.text, Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)}/${end.signal ?? end.code}` : ">12"]
      .filter(Boolean)
      .join(" ");
    const good = passed(seen, { ...end, ms });
    return { text: good ? `${text} *` : text, passed: good, ok: seen.ok, code: end.code, signal: end.signal };
  } finally {
    child.kill("SIGKILL");
    await exit;
  }
}
