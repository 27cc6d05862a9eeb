import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../../../src/base/errors.ts";
import type { FailureNote } from "../../../src/base/events.ts";
import { explain as explainFailure } from "../../../src/deploy/diagnosis.ts";
import { explain } from "../../../src/doctor/explain.ts";
import { unexamined } from "../../../src/doctor/look/units.ts";
import type { Target } from "../../../src/targets/contract.ts";
import { unit, work } from "../deploy/work.ts";

describe("a failed step", () => {
  const causes = async (failure: FailureNote, target: Partial<Target> = {}): Promise<string[]> =>
    (await explainFailure(work({ target }), "switch.try", failure)).map(({ rule, subject }) => `${rule} of ${subject}`);

  it("is explained by its evidence alone, when what failed is gone", async () => {
    const evidence = { unit: "agenda-candidate", exitCode: 1, restarts: 0, log: "Error: Cannot find module 'express'" };
    assert.deepEqual(await causes({ message: "could not try out release r2", evidence }), ["module-missing of agenda-candidate"]);
    const looping = { unit: "agenda@r2", exitCode: 0, restarts: 3, log: "Ready" };
    assert.deepEqual(await causes({ message: "could not pass the stability gate", evidence: looping }), ["exit-zero-loop of agenda@r2"]);
  });

  it("is explained by what its message says, when no unit is to blame", async () => {
    const message = 'could not reach the database agenda: password authentication failed for user "app"';
    assert.deepEqual(await causes({ message }), ["database-password of switch.try"]);
  });

  it("is explained by the units of its own release, as long as they are there", async () => {
    const port = { ...unexamined(unit()), port: 3000, listening: [{ port: 8080, loopback: false }] };
    const old = { ...port, unit: unit({ name: "old", release: "r1" }) };
    const target = { examine: async () => [port, old] };
    assert.deepEqual(
      await causes({ message: "not healthy within 60 s", evidence: { unit: "agenda-web-1", state: "running", log: "" } }, target),
      ["listens-elsewhere of agenda-web-1"],
    );
  });

  it("keeps nobody waiting, and never fails, whatever the engine does", async () => {
    const broken = { examine: () => Promise.reject(new Error("no engine")) };
    assert.deepEqual(await causes({ message: "it failed" }, broken), []);
  });
});

it("a rule is explained by its name, and near names are told", () => {
  assert.match(explain("listens-localhost").next, /0\.0\.0\.0/);
  assert.throws(
    () => explain("listens"),
    (error: UsageError) => error instanceof UsageError && /listens-elsewhere/.test(error.hint ?? ""),
  );
});
