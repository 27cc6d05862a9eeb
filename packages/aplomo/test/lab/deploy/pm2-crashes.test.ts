import { pm2Rig } from "../../support/agenda-pm2.ts";
import { crashScenarios } from "./crashes.ts";

crashScenarios("pm2", false, pm2Rig);
