import { composeRig } from "../../support/agenda-compose.ts";
import { whyNoCompose } from "../../support/lab.ts";
import { deployScenarios } from "./scenarios.ts";

// A pgbench database beside the agenda's tables, of which 100,000 rows a unit of its scale must be the same after every failure.
deployScenarios("compose", whyNoCompose("V2") ?? false, () => composeRig(process.env["APLOMO_TEST_FULL"] ? 10 : 1));
