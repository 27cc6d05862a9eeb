import { composeRig } from "../../support/agenda-compose.ts";
import { whyNoCompose } from "../../support/lab.ts";
import { crashScenarios } from "./crashes.ts";

// Without pgbench: what is asked is where the engine dies, and every death costs a dump.
crashScenarios("compose", whyNoCompose("V2") ?? false, () => composeRig(0));
