import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Job, ReleaseFolder, Target } from "../../../src/targets/contract.ts";
import { leftOfRehearsals, onManager, swarmRig, whyNoSwarm, type SwarmRig } from "../../support/swarm.ts";

describe("the room of a service with a secret and a config", { skip: (await whyNoSwarm()) ?? false }, () => {
  const name = `aplomo-test-${process.pid}`;
  let rig: SwarmRig;
  let release: ReleaseFolder;
  let target: Target;
  const options = {
    rewrite: (_name: string, value: string) => value,
    rewriteBeside: (value: string) => value,
    env: {},
    folders: [],
    outside: false,
  };
  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), "aplomo-kept-"));
    const file = join(folder, "text");
    await writeFile(file, "a-planted_word-7f3a", { mode: 0o600 });
    await onManager("secret", "create", name, file);
    await onManager("config", "create", name, file);
    await rm(folder, { recursive: true });
    rig = await swarmRig({ create: ["--secret", `source=${name},target=word`, "--config", `source=${name},target=/etc/word.conf`] });
    await rig.change({ version: "1" });
    target = await rig.open();
    release = await rig.release("r1");
    await target.stage(release);
  });
  after(async () => {
    await target.rehearsal?.close();
    await rig.close();
    await onManager("secret", "rm", name);
    await onManager("config", "rm", name);
  });

  it("has both, in a job and in the release, to be read alone, and nothing of them is left", async () => {
    const { rehearsal } = target;
    assert.ok(rehearsal);
    await rehearsal.open([release], options);
    const run: Job["run"] = ["sh", "-c", "cmp /run/secrets/word /etc/word.conf && wc -c < /run/secrets/word && ! touch /run/secrets/word"];
    const job: Job = { id: "d1-look", run, env: {}, limit: 60_000, signal: new AbortController().signal };
    const { code, output } = await rehearsal.runOnce(release, job);
    assert.equal(code, 0, output);
    assert.match(output, /^19$/m);
    const { state } = await rehearsal.boot(release, async (room) => ({ state: (await room.units())[0]?.state ?? null }));
    assert.equal(state, "running");
    assert.notDeepEqual(await leftOfRehearsals(rig.app), []);
    await rehearsal.close();
    assert.deepEqual(await leftOfRehearsals(rig.app), []);
  });

  it("is not opened where its network would be open: the secret may say where production is", async () => {
    await assert.rejects(
      async () => target.rehearsal?.open([release], { ...options, outside: true }),
      /network is open, and nobody can say whether a secret or config names production's/,
    );
    await target.rehearsal?.close();
    assert.deepEqual(await leftOfRehearsals(rig.app), []);
  });
});
