import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { delay } from "../../src/base/time.ts";
import { EdgeLoad } from "../support/edge-client.ts";
import { freePort } from "../support/edge-rig.ts";
import { edgeProgram, ownEdge, startNginx } from "../support/edge-rigs.ts";
import { switchTimes } from "../support/edge-units.ts";

const caddy = edgeProgram("caddy");
const nginx = edgeProgram("nginx");

/** What a team with an nginx does to lose nothing: nginx keeps names and certificates and goes to Caddy's port, which never changes. */
describe("edge caddy behind an nginx that is never reloaded", { skip: caddy.skip || nginx.skip }, () => {
  it("loses no request in 20 switches and a hold, on kept connections either", async () => {
    const rig = await ownEdge("caddy", caddy.program);
    const home = await mkdtemp(join(tmpdir(), "aplomo-edge-"));
    const edge = rig.open("shop");
    const unit = await rig.units.start("u0");
    await edge.ensure();
    await edge.point([unit]);
    const port = await freePort();
    const front = await startNginx(home, nginx.program, port, { shop: { host: "127.0.0.1", port: rig.plain.port } });
    try {
      const load = new EdgeLoad({ port, host: "shop.test" }, 200);
      await switchTimes(20, { edge, units: rig.units, load, first: unit });
      await edge.hold(30_000);
      await delay(2_000);
      await edge.resume();
      await delay(500);
      const tally = await load.stop();
      assert.deepEqual(tally.misses.slice(0, 5), []);
      assert.equal(tally.late, 0);
      assert.ok(tally.slowestMs > 1_500, "nobody waited");
    } finally {
      await front.nginx.end();
      await rig.close();
      await rm(home, { recursive: true, force: true });
    }
  });
});
