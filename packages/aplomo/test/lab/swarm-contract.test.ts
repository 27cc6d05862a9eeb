import { targetSuite } from "../contract/target.suite.ts";
import { swarmRig, whyNoSwarm } from "../support/swarm.ts";

targetSuite({ kind: "swarm", skip: await whyNoSwarm(), make: () => swarmRig() });
