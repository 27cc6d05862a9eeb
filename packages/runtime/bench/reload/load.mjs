// Steady load by a strict client: a request that fails, is cut or takes more than 4 s on top of its delay is lost.
import { Agent } from "node:http";
import { get } from "../shutdown/client.mjs";

/** Starts `connections` loops of requests; stop() ends them and gives { ok, lost }: lost counts by reason. */
export function startLoad({ port, connections, keepAlive, wait }) {
  const agent = keepAlive ? new Agent({ keepAlive: true, maxSockets: connections }) : undefined;
  let ok = 0;
  const lost = new Map();
  const stopped = new AbortController();
  const loop = async () => {
    while (!stopped.signal.aborted) {
      const { lost: why, status } = await get(port, "/", { agent, within: 4_000 + wait });
      if (!why && status === 200) ok += 1;
      else lost.set(why ?? status, (lost.get(why ?? status) ?? 0) + 1);
    }
  };
  const loops = Array.from({ length: connections }, loop);
  return {
    async stop() {
      stopped.abort();
      await Promise.all(loops);
      agent?.destroy();
      return { ok, lost: [...lost.values()].reduce((sum, n) => sum + n, 0), why: [...lost].map(([why, n]) => `${why} ${n}`).join(", ") };
    },
    get ok() {
      return ok;
    },
  };
}
