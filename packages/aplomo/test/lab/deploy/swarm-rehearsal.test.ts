import { edgeProgram } from "../../support/edge-rigs.ts";
import { onManager, whyNoSwarm } from "../../support/swarm.ts";
import { swarmServerAgenda } from "../../support/agenda-swarm-server.ts";
import { rehearsalScenarios } from "./rehearsals.ts";

/** Containers, networks, volumes and databases of any rehearsal on the manager. */
const left = async (): Promise<string[]> => {
  const lists = [
    ["ps", "--all", "--format", "{{.Names}}"],
    ["network", "ls", "--format", "{{.Name}}"],
    ["volume", "ls", "--format", "{{.Name}}"],
  ];
  const names = (await Promise.all(lists.map((args) => onManager(...args)))).join("\n").split("\n");
  return names.filter((name) => name.startsWith("aplomo-rehearsal-agenda"));
};

rehearsalScenarios("swarm", (await whyNoSwarm()) ?? edgeProgram("caddy").skip, swarmServerAgenda, left, {
  // What is killed, and cleared away, is that of compose.
  kills: Boolean(process.env["APLOMO_TEST_FULL"]),
});
