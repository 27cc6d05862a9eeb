import { edgeSuite } from "../contract/edge.suite.ts";
import { edgeProgram, traefikEdge } from "../support/edge-rigs.ts";

const { program, skip } = edgeProgram("traefik");

edgeSuite({
  kind: "traefik",
  skip,
  capabilities: {
    switches: true,
    holds: null,
    drains: "blind",
    keepsConnections: true,
    joinsQuietly: true,
    keepsWebSockets: true,
    checks: "driver",
    https: "own",
  },
  make: () => traefikEdge(program),
});
