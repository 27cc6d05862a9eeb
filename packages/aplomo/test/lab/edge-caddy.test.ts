import { edgeSuite } from "../contract/edge.suite.ts";
import { edgeProgram, ownEdge } from "../support/edge-rigs.ts";

const { program, skip } = edgeProgram("caddy");

edgeSuite({
  kind: "caddy",
  skip,
  capabilities: {
    switches: true,
    holds: { limitMs: 300_000, survivesRestart: true },
    drains: "counted",
    keepsConnections: true,
    joinsQuietly: false,
    keepsWebSockets: true,
    checks: "edge",
    https: "automatic",
  },
  make: () => ownEdge("caddy", program),
});
