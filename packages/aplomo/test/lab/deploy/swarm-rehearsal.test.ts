import { edgeProgram } from "../../support/edge-rigs.ts";
import { leftOfRehearsals, whyNoSwarm } from "../../support/swarm.ts";
import { swarmServerAgenda } from "../../support/agenda-swarm-server.ts";
import { rehearsalScenarios } from "./rehearsals.ts";

rehearsalScenarios("swarm", (await whyNoSwarm()) ?? edgeProgram("caddy").skip, swarmServerAgenda, () => leftOfRehearsals("agenda"), {
  // The rest of what is killed, and cleared away, is that of compose; while a release runs its secret is held too.
  kills: ["booting r\\d+ on the copy"],
});
