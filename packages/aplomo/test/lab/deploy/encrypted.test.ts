import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { newIdentity } from "../../../src/backup/encryption-keys.ts";
import { aplomo, finishedOf, type AgendaRig } from "../../support/agenda.ts";
import { pm2Rig } from "../../support/agenda-pm2.ts";
import { tree } from "../../support/backups.ts";
import { book } from "./scenarios.ts";

/** Whose key is nowhere on the server: going back must not need it. */
describe("a deploy whose backups are encrypted", () => {
  let rig: AgendaRig;
  before(async () => {
    rig = await pm2Rig();
    rig.configure(/watch: \w+/, "watch: 1s");
    const { recipient } = newIdentity();
    rig.configure(/$/, `\nbackups: { encrypt_to: [${recipient}] }\n`);
    await rig.assemble("v1");
  });
  after(() => rig?.close());

  it("is undone with its data, by itself", async () => {
    assert.equal((await aplomo(rig, "deploy")).code, 0);
    await book(rig.port, 12);
    const before = await rig.state();
    await rig.assemble("lossy");
    const run = await aplomo(rig, "deploy", "--no-rehearsal");
    assert.deepEqual([run.code, finishedOf(run).outcome], [1, "undone"], run.output.slice(-3_000));
    assert.deepEqual(await rig.state(), before);
    const dumps = (await tree(rig.env["APLOMO_HOME"] ?? "")).filter((path) => /\/deploy\/[^/]*\.sqlite\./.test(path));
    assert.ok(dumps.length > 0 && dumps.every((path) => /\.age(\.sha256)?$/.test(path)), dumps.join("\n"));
  });

  const full = process.env["APLOMO_TEST_FULL"] ? false : "only with script/test --full";
  it("is rehearsed and replaced by a good one", { skip: full }, async () => {
    await rig.assemble("v2");
    const run = await aplomo(rig, "deploy");
    assert.deepEqual([run.code, finishedOf(run).rowsLost], [0, 0], run.output.slice(-3_000));
    assert.equal((await rig.state()).version, "2.0.0");
  });
});
