import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { local } from "../../src/host/local.ts";
import { ask, EdgeLoad } from "../support/edge-client.ts";
import type { EdgeRig } from "../support/edge-rig.ts";
import { edgeProgram, ownEdge } from "../support/edge-rigs.ts";
import { switchTimes } from "../support/edge-units.ts";

/** The edges that Aplomo runs serve HTTPS themselves. Certificates they would get over the internet are replaced by one that is made here. */
for (const kind of ["caddy", "kamal-proxy"] as const) {
  const { program, skip } = edgeProgram(kind);
  describe(`edge ${kind} with HTTPS`, { skip }, () => {
    let folder: string;
    let rig: EdgeRig;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "aplomo-edge-"));
      const names = ["-subj", "/CN=shop.test", "-addext", "subjectAltName=DNS:shop.test"];
      const out = ["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
      await local.run({ argv: ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...names, ...out] });
    });
    after(() => rm(folder, { recursive: true, force: true }));
    afterEach(() => rig?.close());

    it("loses no request in 10 switches under load", async () => {
      const certificate = { file: join(folder, "cert.pem"), key: join(folder, "key.pem") };
      rig = await ownEdge(kind, program, { site: { https: true, certificate } });
      const edge = rig.open("shop");
      const unit = await rig.units.start("u0");
      await edge.ensure();
      await edge.point([unit]);
      assert.deepEqual(await ask(rig.door("shop")), { status: 200, name: "u0", text: "" });
      const load = new EdgeLoad(rig.door("shop"), 50);
      await switchTimes(10, { edge, units: rig.units, load, first: unit });
      const tally = await load.stop();
      assert.deepEqual(tally.misses.slice(0, 5), []);
      assert.equal(tally.late, 0);
      // Who comes without it is sent there.
      const { port } = rig.plain;
      assert.match(String((await ask({ port, host: "shop.test" })).status), /^30[18]$/);
    });

    it("serves another application without HTTPS beside it", async () => {
      const certificate = { file: join(folder, "cert.pem"), key: join(folder, "key.pem") };
      rig = await ownEdge(kind, program, { site: { https: true, certificate } });
      const [shop, blog] = [rig.open("shop"), rig.open("blog", { https: false, certificate: null })];
      await shop.ensure();
      await blog.ensure();
      await shop.point([await rig.units.start("s")]);
      await blog.point([await rig.units.start("b")]);
      assert.equal((await ask(rig.door("shop"))).name, "s");
      assert.equal((await ask({ port: rig.plain.port, host: "blog.test" })).name, "b");
    });
  });
}
