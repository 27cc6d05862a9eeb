import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { root } from "../support/root.ts";

/** What came of an incident: first as the team worked then, then with Aplomo. */
export interface Story {
  /** What they used, and what it did: seen by the test, told in one sentence. */
  then: string;
  /** Who caught it, and the words in which it did: `audit`, `check`, `plan`, `rehearse`, `deploy`, `agent`, `doctor`, `boot`. */
  caught: Record<string, string>;
}

const table = join(root, "docs/INCIDENTS.md");
/** Set by `script/systems.mjs`, which writes the table of what the tests note. */
const writing = process.env["APLOMO_WRITE_INCIDENTS"] === "1";

/**
 * One of the incidents I1 to I21: the test shows it with what the team used then, and that Aplomo catches it. Its row in
 * docs/INCIDENTS.md must say the same; only Aplomo's own words may have changed since.
 */
export function incident(id: string, what: string, skip: string | false | undefined, tell: (t: TestContext) => Promise<Story>): void {
  test(`${id}: ${what}`, { skip: skip ?? false }, async (t) => {
    const { then, caught } = await tell(t);
    const row = [id, what, then, Object.keys(caught).join(", "), Object.entries(caught).map(said).join("<br>")];
    if (writing) return t.diagnostic(`incident: | ${row.map(cell).join(" | ")} |`);
    const committed = cells(id);
    assert.deepEqual(committed?.slice(0, 4), row.slice(0, 4).map(cell), `docs/INCIDENTS.md is out of date: script/incidents writes it`);
  });
}

function said([who, words]: [string, string]): string {
  return `${who}: \`${words.replaceAll("`", "'")}\``;
}

/** The part of an output that a pattern matches; fails with the output when nothing does. What stands in the table is what was said. */
export function words(output: string, pattern: RegExp): string {
  const found = pattern.exec(output);
  assert.ok(found, `nothing matches ${pattern} in:\n${output.slice(-4_000)}`);
  const text = (found[1] ?? found[0]).replace(/\s+/g, " ").trim();
  // Names of this run alone: its folder, its application, its port.
  return text
    .replace(/\/tmp\/[\w.-]+\//g, "")
    .replace(/\bt[0-9a-f]{10}\b/g, "app")
    .replace(/(127\.0\.0\.1):\d+/g, "$1");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function cells(id: string): string[] | undefined {
  return (existsSync(table) ? readFileSync(table, "utf8").split("\n") : [])
    .find((line) => line.startsWith(`| ${id} |`))
    ?.split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((text) => text.trim());
}
