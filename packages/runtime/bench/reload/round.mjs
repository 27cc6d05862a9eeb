import { delay, freePort } from "../prepare.mjs";
import { startLoad } from "./load.mjs";
import { startPm2 } from "./pm2.mjs";

/** Load, reloads in it, and what was lost. `each`: every connection sends one request, and the reload falls in its middle. */
export async function round({ mode, wait, connections, keepAlive, reloads, each = false, runtime }) {
  const port = await freePort();
  const pm2 = await startPm2({ mode, port, wait, runtime });
  try {
    await delay(1_000);
    const load = startLoad({ port, connections, keepAlive, wait });
    await delay(each ? 500 : 1_000);
    const ended = each ? load.stop() : undefined;
    for (let i = 0; i < reloads; i += 1) {
      await pm2.reload();
      await delay(500);
    }
    return await (ended ?? load.stop());
  } finally {
    await pm2.end();
  }
}
