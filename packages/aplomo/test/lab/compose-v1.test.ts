import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { answerOf, composeFixture, type ComposeFixture } from "../support/compose.ts";
import { whyNoCompose } from "../support/lab.ts";

// Servers that only have the old docker-compose.
const skip = whyNoCompose("V1") ?? false;
process.env["APLOMO_COMPOSE"] = JSON.stringify([process.env["APLOMO_LAB_COMPOSE_V1"] ?? "docker-compose"]);

describe("the old docker-compose", { skip }, () => {
  let fixture: ComposeFixture | undefined;
  afterEach(() => fixture?.close());

  test("deploys, replaces, goes back and runs jobs as the new one does", async () => {
    const app = (fixture = await composeFixture({
      web: { environment: { MERGED: "<${TOKEN}>", PORT: 3000, NUMBERED: "1.10" }, volumes: ["uploads:/uploads"] },
      volumes: { uploads: null },
    }));
    // Its reader of env files fills in ${NAME} also in single quotes: refused, as the new one's readings are.
    const value = "p$w$$d";
    await app.change({ version: "1", env: { TOKEN: value } });
    const facts = await app.open().inspect();
    assert.deepEqual(facts.refusals, []);
    assert.match(facts.runtime, /^docker-compose 1\./);
    assert.deepEqual(facts.data, [`volume ${app.app}_uploads on web:/uploads`]);
    const [first, second] = [await app.release("r1"), await app.release("r2")];
    await app.open().stage(first);
    await app.open().start(first, null);
    assert.equal(await answerOf(`${app.url}/env/TOKEN`), value);
    assert.equal(await answerOf(`${app.url}/env/MERGED`), `<${value}>`);
    assert.equal(await answerOf(`${app.url}/env/NUMBERED`), "1.10");
    const before = await app.containers();
    await app.open().start(first, null);
    assert.deepEqual(await app.containers(), before);

    await app.change({ version: "2", env: { TOKEN: "other" } });
    await app.open().stage(second);
    await app.open().start(second, first);
    assert.equal(await answerOf(app.url), "2");
    const job = { id: "d1-job", service: "web", env: { EXTRA: "a$b" }, limit: 60_000, signal: new AbortController().signal };
    const said = await app.open().runOnce(second, { ...job, run: ["node", "-p", "process.env.EXTRA.length + process.env.APLOMO_RELEASE"] });
    assert.deepEqual([said.code, said.output], [0, "3r2"]);
    await app.open().start(first, second);
    assert.equal(await answerOf(`${app.url}/env/TOKEN`), value);
    const [unit] = await app.open().units();
    assert.ok(unit);
    assert.deepEqual(await app.open().differences(unit, first), []);
  });

  test("adopts what it started, and gives it back", async () => {
    const app = (fixture = await composeFixture());
    await app.change({ version: "1", env: { TOKEN: "old" } });
    await app.compose("up", "-d");
    await app.change({ version: "2", env: { TOKEN: "new" } });
    const [none, next] = [await app.release("r0"), await app.release("r1")];
    assert.ok(await app.open().adopt(none));
    await app.open().stage(next);
    await app.open().start(next, none);
    assert.equal(await answerOf(`${app.url}/env/TOKEN`), "new");
    await app.open().start(none, next);
    assert.equal(await answerOf(app.url), "1");
    assert.equal(await answerOf(`${app.url}/env/TOKEN`), "old");
  });
});
