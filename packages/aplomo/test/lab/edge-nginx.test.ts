import { edgeSuite } from "../contract/edge.suite.ts";
import { edgeProgram, nginxEdge } from "../support/edge-rigs.ts";

const { program, skip } = edgeProgram("nginx");

edgeSuite({
  kind: "nginx",
  skip,
  capabilities: {
    switches: true,
    holds: null,
    drains: "counted",
    keepsConnections: false,
    joinsQuietly: true,
    keepsWebSockets: true,
    checks: "driver",
    https: "own",
  },
  make: () => nginxEdge(program),
});
