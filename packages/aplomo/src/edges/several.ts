import type { Evidence } from "../base/events.ts";
import type { Edge, Upstream } from "./contract.ts";
import { addressOf } from "./upstreams.ts";

/**
 * Several sites of one application as one edge: the main one, and others by the service that is behind each. What a site points at are the
 * units of its service; the main one has all the rest. Whether the application is in front at all, the main one says.
 */
export function several(main: Edge, others: ReadonlyMap<string, Edge>): Edge {
  const all = [main, ...others.values()];
  const of = (edge: Edge, upstreams: readonly Upstream[]): Upstream[] =>
    upstreams.filter(({ service }) => (others.get(service ?? "") ?? main) === edge);

  /** One after the other: they share the edge's program. */
  async function each(act: (edge: Edge) => Promise<Evidence>): Promise<Evidence> {
    const first = await act(main);
    const sites: Evidence = {};
    for (const [service, edge] of others) sites[service] = await act(edge);
    return { ...first, sites };
  }

  const ask = main.ask?.bind(main);
  return {
    kind: main.kind,
    capabilities: main.capabilities,
    async inspect() {
      const [first, ...rest] = [await main.inspect(), ...(await Promise.all([...others.values()].map((edge) => edge.inspect())))];
      const refusals = [...first.refusals, ...rest.flatMap((facts) => facts.refusals)];
      const distinct = new Map(refusals.map((refusal) => [refusal.message, refusal]));
      return { ...first, refusals: [...distinct.values()] };
    },
    ensure: () => each((edge) => edge.ensure()),
    point: (upstreams) => each((edge) => edge.point(of(edge, upstreams))),
    async drain(upstreams) {
      const drained = await Promise.all(all.map((edge) => edge.drain(of(edge, upstreams))));
      const clean = drained.map((one) => one.clean);
      const left = drained.map((one) => one.left);
      return {
        clean: clean.includes(null) ? null : clean.every(Boolean),
        left: left.includes(null) ? null : left.reduce<number>((sum, count) => sum + (count ?? 0), 0),
        ms: Math.max(...drained.map(({ ms }) => ms)),
      };
    },
    hold: (limit) => each((edge) => edge.hold(limit)),
    resume: () => each((edge) => edge.resume()),
    async current() {
      const found = await Promise.all(all.map((edge) => edge.current()));
      const upstreams = new Map(found.flatMap((pointing) => (pointing.upstreams ?? []).map((one) => [addressOf(one), one] as const)));
      return {
        upstreams: found[0]?.upstreams ? [...upstreams.values()] : null,
        holding: found.some(({ holding }) => holding),
        settled: found.every(({ settled }) => settled),
      };
    },
    ...(ask ? { ask } : {}),
    async remove() {
      for (const edge of all.toReversed()) await edge.remove();
    },
  };
}
