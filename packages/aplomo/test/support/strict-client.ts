import { Agent, get } from "node:http";

/** What a client that forgives nothing has seen. */
export interface Tally {
  answered: number;
  /** One entry for each request that was not answered with 200, with the reason. */
  failed: string[];
  /** When the first and the last of them failed, in milliseconds of this process. */
  outage: { from: number; to: number };
  /** How often each body came. */
  bodies: Map<string, number>;
}

/**
 * Requests one after the other in several lanes until `stop`; every error, reset, timeout and status other than 200 counts, and
 * nothing is tried twice. Half of the lanes keep their connection, half open a new one for each request.
 */
export function strictClient(url: string, lanes = 8): { stop(): Promise<Tally>; tally: Tally } {
  const tally: Tally = { answered: 0, failed: [], outage: { from: Infinity, to: -Infinity }, bodies: new Map() };
  const stop = new AbortController();
  const lane = async (keepAlive: boolean): Promise<void> => {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    while (!stop.signal.aborted) await once(url, agent, tally);
    agent.destroy();
  };
  const work = Promise.all(Array.from({ length: lanes }, (_, index) => lane(index % 2 === 0)));
  return {
    tally,
    async stop() {
      stop.abort();
      await work;
      return tally;
    },
  };
}

/**
 * So many requests a second until `stop`, whatever becomes of those before: half on new connections, half on kept ones. What is a failure is
 * the same.
 */
export function steadyClient(
  url: string,
  perSecond: number,
  host?: string,
): { stop(): Promise<Tally>; faster(perSecond: number): void; tally: Tally } {
  const tally: Tally = { answered: 0, failed: [], outage: { from: Infinity, to: -Infinity }, bodies: new Map() };
  const fresh = new Agent({ keepAlive: false });
  const kept = new Agent({ keepAlive: true, scheduling: "fifo", maxFreeSockets: 20 });
  const under = new Set<Promise<void>>();
  let begun = performance.now();
  let rate = perSecond;
  let sent = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - begun) / 1_000) * rate;
    while (sent < due) {
      const request: Promise<void> = once(url, sent++ % 2 === 0 ? fresh : kept, tally, host).finally(() => under.delete(request));
      under.add(request);
    }
  }, 5);
  return {
    tally,
    faster(next) {
      begun = performance.now();
      sent = 0;
      rate = next;
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(under);
      kept.destroy();
      return tally;
    },
  };
}

function once(url: string, agent: Agent, tally: Tally, host?: string): Promise<void> {
  return new Promise((resolve) => {
    const request = get(url, { agent, timeout: 10_000, ...(host === undefined ? {} : { headers: { host } }) }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      response.once("error", fail).once("end", () => {
        if (response.statusCode !== 200) return fail(new Error(`status ${response.statusCode}`));
        tally.answered++;
        tally.bodies.set(body, (tally.bodies.get(body) ?? 0) + 1);
        resolve();
      });
    });
    function fail(error: Error): void {
      tally.outage.from = Math.min(tally.outage.from, performance.now());
      tally.outage.to = performance.now();
      // A connection that was idle may be closed by whoever keeps it while a request is on its way.
      tally.failed.push(request.reusedSocket ? `${error.message} on a kept connection` : error.message);
      resolve();
    }
    request.once("timeout", () => request.destroy(new Error("no answer within 10 s"))).once("error", fail);
  });
}
