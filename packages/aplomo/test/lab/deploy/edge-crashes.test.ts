import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aplomo, finishedOf, runProgram } from "../../support/agenda.ts";
import { frontedRig, whyNoEdge } from "../../support/agenda-edge.ts";
import { dyingEngine } from "../../support/cli.ts";
import { steadyClient } from "../../support/strict-client.ts";
import { boundaries, crashScenarios, journalOf } from "./crashes.ts";

const long = process.env["APLOMO_TEST_FULL"] || process.env["APLOMO_TEST_LONG"] ? false : "a long round: script/test --full";

crashScenarios("pm2 behind caddy", whyNoEdge("pm2", "caddy") || long, () => frontedRig("pm2 cluster", "caddy"));

describe("killing a deploy of code behind an edge at every boundary", { skip: whyNoEdge("pm2", "caddy") || long }, () => {
  it("loses no request, and ends in the old release or the new one", async () => {
    const rig = await frontedRig("pm2 fork", "caddy");
    const client = steadyClient(`http://127.0.0.1:${rig.port}/api/practitioners`, 0);
    try {
      rig.configure(/watch: \w+/, "watch: 1s");
      await rig.assemble("v1");
      assert.equal((await aplomo(rig, "deploy")).code, 0);
      await rig.assemble("patch");
      assert.equal((await aplomo(rig, "deploy")).code, 0);
      const lines = await journalOf(rig, "d2");
      assert.equal((await aplomo(rig, "rollback", "r1")).code, 0);
      client.faster(50);
      for (const [mode, line] of boundaries(lines)) {
        const where = `killed ${mode} line ${line} (${lines[line - 1]?.type} ${lines[line - 1]?.step ?? ""})`;
        assert.equal((await runProgram(rig, [dyingEngine, mode, String(line)])).code, null, `${where}: it did not die`);
        const recovered = await aplomo(rig, "recover");
        assert.equal(recovered.code, 0, `${where}: ${recovered.output.slice(-3_000)}`);
        const { version, code } = await rig.state();
        assert.ok(["1.0.0", "1.0.1"].includes(version) && code.length === 1, `${where}: ${version}, ${code.join(" ")}`);
        assert.deepEqual(client.tally.failed, [], where);
        if (version === "1.0.1") assert.equal(finishedOf(await aplomo(rig, "rollback", "r1")).outcome, "deployed", where);
      }
      const { answered, failed } = await client.stop();
      console.log(`killed ${boundaries(lines).length} times: ${answered} answered, ${failed.length} failed`);
      assert.deepEqual(failed, []);
    } finally {
      await client.stop();
      await rig.close();
    }
  });
});
