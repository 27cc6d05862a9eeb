import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { agentPaths, watchPaths } from "../../src/agent/paths.ts";
import { readLook } from "../../src/agent/watch.ts";
import { poll } from "../../src/base/time.ts";
import { agentRig } from "../support/agent.ts";
import { freePort } from "../support/edge-rig.ts";

const flooder = fileURLToPath(new URL("../support/flooder.js", import.meta.url));
const count = process.env["APLOMO_TEST_FULL"] ? 500_000 : 100_000;

/** Asked by a person from another address, or at the socket; undefined when nobody answers. */
function get(
  where: { socketPath: string } | { host: string; port: number; localAddress: string },
  token = "",
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asking = request({ ...where, path: "/", headers: { authorization: `Bearer ${token}` }, agent: false }, (response) => {
      void text(response).then((body) => resolve(`${response.statusCode} ${/<title>(.*?)<\/title>/.exec(body)?.[1]}`));
    });
    asking.on("error", () => resolve(undefined));
    asking.end();
  });
}

test("one client that asks as fast as it can: everybody else is answered, what is due is done, and memory stays small", async (t) => {
  const rig = await agentRig("flooded", "watch: { every: 1s }\n");
  t.after(() => rig.close());
  assert.equal((await rig.run("agent", "add")).code, 0);
  const made = await rig.run("agent", "token", "--name", "ana");
  const token = /"token":"([^"]+)"/.exec(made.output)?.[1] ?? "";
  assert.notEqual(token, "", made.output);
  const paths = agentPaths(rig.home);
  const port = await freePort();
  const agent = rig.agent("--listen", `127.0.0.1:${port}`);
  const person = { host: "127.0.0.1", port, localAddress: "127.0.0.2" };
  assert.match((await poll(() => get(person, token), { limit: 60_000, every: 200 })) ?? "", /^200/);
  const looked = new Set<string | undefined>();
  const looks = async (): Promise<true | undefined> => (looked.add(readLook(watchPaths(paths, "flooded"))?.at).size > 2 ? true : undefined);
  assert.ok(await poll(looks, { limit: 60_000, every: 200 }), "it looks");

  // As many as may wait for their answers, which are told no; and more, whose connection ends without a word.
  for (const { behind, expected } of [
    { behind: 8, expected: "429" },
    { behind: 20, expected: "closed" },
  ]) {
    const flood = promisify(execFile)(process.execPath, [flooder, String(port), String(count), String(behind)]);
    let over = false;
    void flood.finally(() => (over = true)).catch(() => {});
    looked.clear();
    const answers: (string | undefined)[] = [];
    while (!over) {
      answers.push(await get(person, token), await get({ socketPath: paths.socket }));
      await looks();
      // As often as a person might.
      await poll(async () => over || undefined, { limit: 200, every: 50 });
    }
    const { asked, seconds, said } = JSON.parse((await flood).stdout) as { asked: number; seconds: number; said: Record<string, number> };
    const memory = Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${agent.pid}/status`, "utf8"))?.[1]) / 1_024;
    const rate = Math.round(asked / seconds);
    t.diagnostic(`${rate} requests a second: ${JSON.stringify(said)}; ${answers.length} others answered, at most ${memory.toFixed(1)} MB`);
    assert.deepEqual([...new Set(answers)], [answers[0]]);
    assert.match(answers[0] ?? "", /^200/);
    assert.ok(!("200" in said) && (said[expected] ?? 0) > 0, JSON.stringify(said));
    // The flood may be over before the next second is.
    assert.ok(await poll(looks, { limit: 30_000, every: 200 }), "it goes on looking");
    assert.ok(memory < 120, `${memory} MB`);
  }
});
