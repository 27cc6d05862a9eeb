import { composeRig } from "../../support/agenda-compose.ts";
import { whyNoCompose } from "../../support/lab.ts";
import { deployScenarios } from "./scenarios.ts";

// A pgbench database of scale 10 beside the agenda's tables: 1,000,000 rows that must be the same after every failure.
deployScenarios("compose", whyNoCompose("V2") ?? false, () => composeRig(10));
