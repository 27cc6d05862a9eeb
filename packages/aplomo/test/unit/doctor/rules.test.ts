import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { diagnose } from "../../../src/doctor/diagnose.ts";
import { satisfies } from "../../../src/doctor/node-range.ts";
import { rules } from "../../../src/doctor/rules/index.ts";
import { root } from "../../support/root.ts";
import { cases, sound } from "./cases.ts";
import { observed, saying, unit } from "./seen.ts";

it("an application that does well has no cause of trouble, and every rule was asked", () => {
  assert.deepEqual(diagnose(sound), { findings: [], asked: rules.length, unseen: [] });
});

it("every file of rules/ is a rule that is listed once, under its file's name, and has a case", () => {
  const files = readdirSync(join(root, "packages/aplomo/src/doctor/rules")).filter((name) => name !== "index.ts");
  const ids = rules.map(({ id }) => id);
  assert.deepEqual(ids.toSorted(), files.map((name) => name.replace(".ts", "")).toSorted());
  assert.deepEqual(Object.keys(cases).toSorted(), ids.toSorted());
  for (const { id, title, why, next } of rules) {
    assert.ok(!/[.]$/.test(title) && /[.]$/.test(why) && /[.]$/.test(next), `${id}: a title has no full stop, the rest are sentences`);
  }
});

describe("each rule tells its cause, with evidence that was seen and a next act; nothing else is blamed", () => {
  for (const [id, own] of Object.entries(cases))
    for (const [index, [seen, says]] of own.entries())
      it(`${id} ${index + 1}`, () => {
        const { findings } = diagnose(observed(seen));
        const found = findings.find(({ rule }) => rule === id);
        assert.ok(found, `found: ${findings.map(({ rule, message }) => `${rule} (${message})`).join(", ") || "nothing"}`);
        assert.match(found.message, says);
        assert.match(found.next, /\S{3}/);
        // A symptom that another unit explains by its own cause may stand beside.
        const others = findings.filter(({ rule }) => rule !== id && !(id === "bad-gateway" && rule === "restart-loop"));
        assert.deepEqual(others, []);
      });
});

it("a symptom is not told of what a cause explains", () => {
  const loop = saying("Error: Cannot find module 'express'");
  assert.deepEqual(
    diagnose(observed(loop)).findings.map(({ rule }) => rule),
    ["module-missing"],
  );
});

it("of a unit that does well an error of the past accuses nobody, and one of the present is a warning", () => {
  const well = (log: string): string[] =>
    diagnose(observed({ units: [unit({ log })] })).findings.map(({ rule, level }) => `${rule} ${level}`);
  assert.deepEqual(well("Error: connect ECONNREFUSED 172.18.0.2:5432\nlistening"), []);
  assert.deepEqual(well("FATAL: sorry, too many clients already"), ["database-connections warning"]);
});

it("what could not be looked at is told, and no rule judges it", () => {
  const { units: _units, ...rest } = sound;
  const { findings, asked, unseen } = diagnose({ ...rest, unseen: { units: { message: "no engine", hint: "Start it." } } });
  assert.deepEqual(findings, []);
  assert.ok(asked < rules.length);
  assert.deepEqual(unseen, [{ part: "units", message: "no engine", hint: "Start it." }]);
});

it("npm's ranges of Node, and nothing claimed of one that is not understood", () => {
  const of = (range: string): (boolean | undefined)[] => ["20.19.0", "22.12.1"].map((version) => satisfies(version, range));
  assert.deepEqual(of(">=20.19"), [true, true]);
  assert.deepEqual(of(">= 22"), [false, true]);
  assert.deepEqual(of("^20.19.0 || >=22.12.0"), [true, true]);
  assert.deepEqual(of("20.x"), [true, false]);
  assert.deepEqual(of(">20 <22"), [false, false]);
  assert.deepEqual(of("18 - 20"), [true, false]);
  assert.deepEqual(of("~22.12"), [false, true]);
  assert.deepEqual(of("whatever"), [undefined, undefined]);
});
