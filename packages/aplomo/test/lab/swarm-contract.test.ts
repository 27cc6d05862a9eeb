import { after } from "node:test";
import { targetSuite } from "../contract/target.suite.ts";
import { swarmRig, whyNoSwarm, type SwarmRig } from "../support/swarm.ts";

// A test that skips itself half-way is not cleaned up after.
const made: SwarmRig[] = [];
after(async () => {
  for (const rig of made) await rig.close();
});

targetSuite({
  kind: "swarm",
  skip: await whyNoSwarm(),
  async make() {
    const rig = await swarmRig();
    made.push(rig);
    return rig;
  },
});
