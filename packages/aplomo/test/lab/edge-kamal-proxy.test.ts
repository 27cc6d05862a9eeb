import { edgeSuite } from "../contract/edge.suite.ts";
import { edgeProgram, ownEdge } from "../support/edge-rigs.ts";

const { program, skip } = edgeProgram("kamal-proxy");

edgeSuite({
  kind: "kamal-proxy",
  skip,
  capabilities: {
    switches: true,
    holds: { limitMs: 300_000, survivesRestart: false },
    drains: "point",
    keepsConnections: true,
    joinsQuietly: true,
    keepsWebSockets: false,
    checks: "edge",
    https: "automatic",
  },
  make: () => ownEdge("kamal-proxy", program),
});
