import type { Edge } from "../contract.ts";

/** Nothing stands in front: clients talk to the units, and the plan says how many seconds a switch costs. */
export const none: Edge = {
  kind: "none",
  capabilities: {
    switches: false,
    holds: null,
    drains: "blind",
    keepsConnections: false,
    joinsQuietly: false,
    keepsWebSockets: false,
    checks: "driver",
    https: null,
  },
  inspect: async () => ({ version: null, running: false, refusals: [] }),
  ensure: async () => ({}),
  point: async () => ({}),
  drain: async () => ({ clean: null, left: null, ms: 0 }),
  hold: async () => ({}),
  resume: async () => ({}),
  current: async () => ({ upstreams: null, holding: false, settled: true }),
  remove: async () => {},
};
