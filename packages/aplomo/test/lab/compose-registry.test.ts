import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { afterEach, describe, test } from "node:test";
import { answerOf, buildFixture, composeFixture, docker, type ComposeFixture } from "../support/compose.ts";
import { whyNoCompose, whyNoRegistry } from "../support/lab.ts";

const registry = process.env["APLOMO_LAB_REGISTRY"] ?? "";

describe("images that come from a registry", { skip: whyNoCompose("V2") ?? whyNoRegistry() ?? false }, () => {
  let fixture: ComposeFixture | undefined;
  const image = `${registry}/moves-${randomBytes(4).toString("hex")}:latest`;
  afterEach(async () => {
    await fixture?.close();
    await docker("rmi", "-f", image).catch(() => "");
  });

  /** Pushes this version under the name that moves, and leaves the name on this server as it was before. */
  async function pushElsewhere(version: string, here: string): Promise<void> {
    await docker("tag", await buildFixture(version), image);
    await docker("push", "--quiet", image);
    await docker("tag", await buildFixture(here), image);
  }

  async function push(version: string): Promise<void> {
    await docker("tag", await buildFixture(version), image);
    await docker("push", "--quiet", image);
  }

  test("a name that means another image in the registry by now brings the new one (I10)", async () => {
    const app = (fixture = await composeFixture({ web: { image } }));
    await app.change({ version: "1" });
    await push("1");
    const [first, second] = [await app.release("r1"), await app.release("r2")];
    await app.open().stage(first);
    await app.open().start(first, null);
    assert.equal(await answerOf(app.url), "1");

    await pushElsewhere("2", "1");
    const target = app.open();
    const preview = await target.preview();
    const staged = await target.stage(second);
    assert.deepEqual(staged.artifacts, preview.artifacts);
    await target.start(second, first);
    assert.equal(await answerOf(app.url), "2");
  });

  test("the old image is not deployed for new when the registry does not answer, unless the files say so", async () => {
    // Nobody listens there; the image has a digest of another name, as one has that was pulled once.
    const gone = `127.0.0.1:1/${image.split("/")[1] ?? ""}`;
    await push("1");
    await docker("tag", image, gone);
    try {
      const app = (fixture = await composeFixture({ web: { image: gone } }));
      await app.change({ version: "1" });
      await assert.rejects(app.open().preview(), /pull .*127\.0\.0\.1:1/);
      await app.close();
      const willing = (fixture = await composeFixture({ web: { image: gone, pull_policy: "missing" } }));
      await willing.change({ version: "1" });
      assert.match((await willing.open().preview()).artifacts["web"] ?? "", /^sha256:/);
    } finally {
      await docker("rmi", "-f", gone);
    }
  });

  test("an image that was never fetched is fetched, also where the files say how it is built", async () => {
    await push("1");
    await docker("rmi", image);
    const app = (fixture = await composeFixture({ web: { image, build: "." } }));
    await app.change({ version: "1" });
    const target = app.open();
    assert.deepEqual((await target.inspect()).refusals, []);
    const release = await app.release("r1");
    await target.stage(release);
    await target.start(release, null);
    assert.equal(await answerOf(app.url), "1");
  });
});
