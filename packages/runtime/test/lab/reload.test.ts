// PM2 cluster reloads under load. `script/bench reload` counts 16 of each kind, beside what others do.
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { need } from "../../../aplomo/test/support/need.ts";
import { bench, compiled } from "../support/places.ts";

type Round = (options: object) => Promise<{ ok: number; lost: number; why: string }>;

const skip = need(bench !== undefined, "packages/runtime/test/install.sh was not run");
const reloads = process.env["APLOMO_TEST_FULL"] ? 16 : 4;
const app = { mode: "aplomo", runtime: join(compiled, "index.js") };

async function lose(options: object): Promise<void> {
  const { round } = (await import(pathToFileURL(join(bench ?? "", "reload/round.mjs")).href)) as { round: Round };
  const { lost, ok, why } = await round({ ...app, ...options });
  assert.equal(lost, 0, `${lost} of ${lost + ok}: ${why}`);
  assert.ok(ok > 0);
}

for (const keepAlive of [true, false]) {
  test(`no request is lost in ${reloads} reloads, ${keepAlive ? "connections kept" : "a new connection each"}`, { skip }, () =>
    lose({ wait: 20, connections: 20, reloads, keepAlive }),
  );
}

test("none of 80 slow requests is lost in a reload", { skip }, () =>
  lose({ wait: 2_500, connections: 80, reloads: 1, keepAlive: true, each: true }),
);
