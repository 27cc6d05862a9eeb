import assert from "node:assert/strict";
import { test } from "node:test";
import { autoOptions } from "../../src/auto-options.ts";

test("the preload reads its options from the environment", () => {
  assert.deepEqual(autoOptions({}), { health: { metrics: false } });
  assert.deepEqual(
    autoOptions({
      APLOMO_DRAIN: "250ms",
      APLOMO_DEADLINE: "20s",
      APLOMO_HEALTH_PREFIX: "/-",
      APLOMO_STATUS_TOKEN: "t",
      APLOMO_METRICS: "on",
    }),
    { drain: 250, deadline: 20_000, health: { metrics: true, prefix: "/-", token: "t" } },
  );
  assert.deepEqual(autoOptions({ APLOMO_HEALTH: "off" }), { health: false });
  assert.throws(() => autoOptions({ APLOMO_DRAIN: "soon" }), /APLOMO_DRAIN must be a duration/);
});
