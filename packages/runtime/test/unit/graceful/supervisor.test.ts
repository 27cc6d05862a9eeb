import assert from "node:assert/strict";
import { test } from "node:test";
import { findSupervisor, killWarning } from "../../../src/graceful/supervisor.ts";

test("PM2's default kills after 1.6 s, and its setting is read", () => {
  assert.equal(findSupervisor({ pm_id: "0" }, false)?.killTime, 1_600);
  assert.equal(findSupervisor({ pm_id: "0", kill_timeout: "5000" }, false)?.killTime, 5_000);
});

test("Docker kills after 10 s, Kubernetes after 30 s, and whoever knows better says so", () => {
  assert.equal(findSupervisor({}, true)?.killTime, 10_000);
  assert.equal(findSupervisor({ KUBERNETES_SERVICE_HOST: "10.0.0.1" }, true)?.killTime, 30_000);
  assert.equal(findSupervisor({ APLOMO_KILL_TIMEOUT: "40s" }, true)?.killTime, 40_000);
  assert.equal(findSupervisor({}, false), undefined);
});

test("warns when the kill comes before the deadline and says what to set", () => {
  assert.equal(killWarning(findSupervisor({}, true), 8_000), undefined);
  assert.equal(killWarning(undefined, 60_000), undefined);
  const warning = killWarning(findSupervisor({ pm_id: "0", kill_timeout: "5000" }, false), 10_000);
  assert.match(warning ?? "", /PM2's kill_timeout kills after 5000 ms, before the deadline of 10000 ms/);
  assert.match(warning ?? "", /to 11000 ms or more, or the deadline to 4500 ms or less/);
});
