import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { rules } from "../../../src/audit/rules/index.ts";
import { root } from "../../support/root.ts";

it("docs/AUDIT.md lists every rule with its title and severity, and no other", () => {
  const page = readFileSync(join(root, "docs/AUDIT.md"), "utf8");
  for (const { id, title, severity } of rules)
    assert.ok(page.includes(`| \`${id}\` | ${title}`) && new RegExp(`\\| \`${id}\` \\|[^\\n]*\\| ${severity} \\|`).test(page), id);
  const listed = [...page.matchAll(/^\| `([a-z0-9-]+)` \|[^\n]*\| (?:error|warning|info) \|$/gm)].map(([, id]) => id);
  assert.deepEqual(
    [...new Set(listed)].toSorted((a = "", b = "") => (a < b ? -1 : 1)),
    rules.map((rule) => rule.id).toSorted(),
  );
});
