import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { rules } from "../../../src/audit/rules/index.ts";
import { areas, severities } from "../../../src/audit/rule.ts";
import { casesOf, folder, found } from "./cases.ts";

for (const rule of rules) {
  describe(rule.id, () => {
    const cases = casesOf(rule);
    const holes = cases.filter((one) => !one.isTrap);

    it("has two cases at least that differ in what is wrong alone", () => {
      assert.ok(holes.length >= 2, `${holes.length}: add one to test/fixtures/audit/${rule.id}.txt`);
      for (const { name, files } of holes)
        assert.ok(
          Object.keys(files).some((path) => /^(bad|good):/.test(path)) || Object.values(files).some((text) => text.includes("«")),
          name,
        );
    });

    for (const { name, files } of holes) {
      it(`finds what is wrong, and is silent once it is right: ${name}`, () => {
        assert.notDeepEqual(found(rule, files, "bad"), []);
        assert.deepEqual(found(rule, files, "good"), []);
      });
    }

    for (const { name, files } of cases.filter((one) => one.isTrap)) {
      it(`is silent: ${name}`, () => assert.deepEqual(found(rule, files, "good"), []));
    }

    it("says what a reader needs", () => {
      assert.ok(areas.includes(rule.area) && severities.includes(rule.severity));
      assert.match(rule.id, /^[a-z][a-z0-9-]+$/);
      assert.match(rule.title, /^.{10,80}[^.]$/);
      assert.ok(rule.why.length > 60, "why it matters, and so its severity");
    });
  });
}

it("no fixtures are left over", () => {
  const names = new Set(rules.map((rule) => `${rule.id}.txt`));
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith(".txt") && !names.has(name)),
    [],
  );
});
