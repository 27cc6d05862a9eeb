import { AplomoError } from "../base/errors.ts";
import { poll } from "../base/time.ts";
import { get, type Answer } from "../host/http.ts";
import type { Site, Upstream } from "./contract.ts";

/** `127.0.0.1:3000`, `[::1]:3000`. */
export function addressOf({ host, port }: Upstream): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The reverse of `addressOf`. */
export function parseAddress(text: string): Upstream {
  const colon = text.lastIndexOf(":");
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(text.slice(colon + 1)) };
}

/** Whether both lists name the same units, in whatever order. */
export function sameUpstreams(some: readonly Upstream[] | null, others: readonly Upstream[] | null): boolean {
  const text = (list: readonly Upstream[] | null): string => JSON.stringify(list?.map(addressOf).sort() ?? null);
  return text(some) === text(others);
}

/** How an upstream is asked; never throws. */
export type Ask = (upstream: Upstream, path: string, timeout: number) => Promise<Answer>;

/** From this machine. */
export const askDirectly: Ask = (upstream, path, timeout) => get(`http://${addressOf(upstream)}${path}`, timeout);

// Units were proven before they are put in front: what is asked here is whether the edge reaches them, and it is asked again only because
// a single look may fall on a busy moment.
const patience = { limit: 3_000, every: 250 };

/** Throws when an upstream does not answer as the site's health says. */
export async function checkUpstreams(site: Site, upstreams: readonly Upstream[], ask: Ask, signal: AbortSignal): Promise<void> {
  if (upstreams.length === 0) throw refusal(site, "no unit", "there is none");
  await Promise.all(upstreams.map((upstream) => checkOne(site, upstream, ask, signal)));
}

async function checkOne(site: Site, upstream: Upstream, ask: Ask, signal: AbortSignal): Promise<void> {
  let last = "";
  const answered = await poll(
    async () => {
      const { status, problem } = await ask(upstream, site.health ?? "/", patience.limit);
      if (status !== null && (site.health === null ? status < 500 : status >= 200 && status < 300)) return true;
      last = problem ?? `it answered ${status} to ${site.health ?? "/"}`;
      return undefined;
    },
    { ...patience, signal },
  );
  if (!answered) throw refusal(site, addressOf(upstream), last);
}

function refusal(site: Site, subject: string, cause: string): AplomoError {
  return new AplomoError({
    operation: `point ${site.app} to`,
    subject,
    cause,
    hint: "What was in front stays in front. See the unit's log: it may have ended, or listen on another port.",
  });
}
