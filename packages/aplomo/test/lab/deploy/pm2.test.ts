import { pm2Rig } from "../../support/agenda-pm2.ts";
import { deployScenarios } from "./scenarios.ts";

deployScenarios("pm2", false, pm2Rig);
