import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aplomo, finishedOf, type AgendaRig } from "../../support/agenda.ts";
import { frontedRig, whyNoEdge, type EdgeKind } from "../../support/agenda-edge.ts";
import { steadyClient } from "../../support/strict-client.ts";

const full = Boolean(process.env["APLOMO_TEST_FULL"]);
const times = full ? 20 : 2;
const perSecond = 200;

const all: { target: Parameters<typeof frontedRig>[0]; edge: EdgeKind; long?: true }[] = [
  { target: "compose", edge: "caddy" },
  { target: "compose", edge: "nginx", long: true },
  { target: "compose", edge: "traefik", long: true },
  { target: "pm2 cluster", edge: "caddy", long: true },
  { target: "pm2 cluster", edge: "kamal-proxy", long: true },
  { target: "pm2 fork", edge: "caddy" },
  { target: "pm2 fork", edge: "nginx", long: true },
];

for (const { target, edge, long } of all) {
  const skip = long && !full && !process.env["APLOMO_TEST_LONG"] ? "a long round: script/test --full" : whyNoEdge(target, edge);
  describe(`${target} behind ${edge}`, { skip }, () => {
    it(`loses no request in ${times} deploys and ${times} rollbacks at ${perSecond} requests a second`, async () => {
      const rig = await frontedRig(target, edge);
      const client = steadyClient(`http://127.0.0.1:${rig.port}/api/practitioners`, 0);
      try {
        rig.configure(/watch: \w+/, "watch: 1s");
        await rig.assemble("v1");
        const first = await aplomo(rig, "deploy");
        assert.equal(first.code, 0, first.output.slice(-3_000));
        client.faster(perSecond);
        for (let round = 0; round < times; round += 1) {
          await rig.assemble("patch");
          const deployed = await expectDeployed(rig, "1.0.1", "deploy");
          await expectDeployed(rig, "1.0.0", "rollback", String(deployed.previous));
        }
        const { answered, failed } = await client.stop();
        console.log(`${target} behind ${edge}: ${answered} answered, ${failed.length} failed`);
        // A reload of nginx closes connections that are idle, and a client may be about to use one.
        const counted = edge === "nginx" ? failed.filter((why) => !/socket hang up|ECONNRESET/.test(why)) : failed;
        assert.deepEqual(counted.slice(0, 5), []);
        assert.ok(answered > 1_000, `${answered} answered`);
      } finally {
        await client.stop();
        await rig.close();
      }
    });
  });
}

async function expectDeployed(rig: AgendaRig, version: string, ...args: string[]): Promise<ReturnType<typeof finishedOf>> {
  const run = await aplomo(rig, ...args);
  assert.equal(run.code, 0, `aplomo ${args.join(" ")}\n${run.output.slice(-3_000)}`);
  const finished = finishedOf(run);
  assert.equal(finished.outcome, "deployed");
  assert.equal((await rig.state()).version, version);
  return finished;
}
