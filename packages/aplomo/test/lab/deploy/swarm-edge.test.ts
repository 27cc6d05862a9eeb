import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { failureOf, finishedOf } from "../../support/agenda.ts";
import { edgeProgram } from "../../support/edge-rigs.ts";
import { steadyClient } from "../../support/strict-client.ts";
import { swarmFront } from "../../support/swarm-edge.ts";
import { onManager, whyNoSwarm } from "../../support/swarm.ts";
import { textOf } from "../../support/text-of.ts";

const times = process.env["APLOMO_TEST_FULL"] ? 20 : 1;

describe("a service of a swarm behind caddy, on two nodes", { skip: (await whyNoSwarm()) ?? edgeProgram("caddy").skip }, () => {
  it(`loses no request in ${times} deploys and ${times} rollbacks at 200 requests a second, nor when a version fails`, async () => {
    const front = await swarmFront();
    const client = steadyClient(front.url, 0);
    const serves = async (version: string): Promise<void> => assert.equal(await textOf(front.url), version);
    const expect = async (code: number, ...args: string[]): Promise<ReturnType<typeof finishedOf>> => {
      const run = await front.run(...args);
      assert.equal(run.code, code, `aplomo ${args.join(" ")}\n${run.output.slice(-3_000)}`);
      if (code !== 0) assert.match(failureOf(run).step, /^(switch\.|prove\.)/);
      return finishedOf(run);
    };
    try {
      await front.put("1");
      await expect(0, "deploy");
      await serves("1");
      client.faster(200);
      for (let round = 0; round < times; round += 1) {
        await front.put("2");
        const { previous } = await expect(0, "deploy");
        await serves("2");
        await expect(0, "rollback", String(previous));
        await serves("1");
      }
      for (const behaviour of ["crashes", "never-listens"] as const) {
        await front.put("3", behaviour);
        assert.equal((await expect(1, "deploy")).outcome, "undone");
        await serves("1");
      }
      const { answered, failed } = await client.stop();
      console.log(`swarm behind caddy: ${answered} answered, ${failed.length} failed`);
      assert.deepEqual(failed.slice(0, 5), []);
      assert.ok(answered > 1_000, `${answered} answered`);
      // One that ends a second after it began has been pointed at by then: what it was just answering is lost, and nothing later.
      await front.put("3", "exits");
      assert.equal((await expect(1, "deploy")).outcome, "undone");
      await serves("1");
      const services = (await onManager("service", "ls", "--format", "{{.Name}} {{.Replicas}}", "--filter", `name=${front.rig.app}`)).split(
        "\n",
      );
      assert.deepEqual(services.filter((line) => line.includes("-aplomo-")).length, 1, services.join(", "));
    } finally {
      await client.stop();
      await front.close();
    }
  });
});
