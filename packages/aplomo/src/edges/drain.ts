import { delay, poll } from "../base/time.ts";
import type { Drained, Site, Upstream } from "./contract.ts";
import { addressOf } from "./upstreams.ts";

/** Asks until nothing is under way, twice in a row: a request that was just being directed may not have been counted at the first look. */
export async function drainCounted(
  site: Site,
  upstreams: readonly Upstream[],
  underWay: (address: string) => Promise<number>,
  signal: AbortSignal,
): Promise<Drained> {
  const begun = performance.now();
  let left = 0;
  let quiet = 0;
  const clean = await poll(
    async () => {
      const counts = await Promise.all(upstreams.map((upstream) => underWay(addressOf(upstream))));
      left = counts.reduce((sum, count) => sum + count, 0);
      quiet = left === 0 ? quiet + 1 : 0;
      return quiet >= 2 ? true : undefined;
    },
    { limit: Math.max(site.drain, 200), every: 100, signal },
  );
  return { clean: clean === true, left, ms: Math.round(performance.now() - begun) };
}

/** Nothing tells when requests have ended: they are given all their time. */
export async function drainBlind(site: Site, signal: AbortSignal): Promise<Drained> {
  await delay(site.drain, signal);
  return { clean: null, left: null, ms: site.drain };
}
