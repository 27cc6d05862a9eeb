import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { root } from "../support/root.ts";

/** What Aplomo said about this line, for the table of docs/SYSTEMS.md: it must be in the output, word for word. */
export function said(t: TestContext, output: string, pattern: RegExp): void {
  const found = pattern.exec(output);
  assert.ok(found, `${pattern} is not in:\n${output.slice(-4_000)}`);
  t.diagnostic(`said: ${found[0].trim()}`);
}

/** Another test that proves more of this line than is repeated here. */
export function also(t: TestContext, file: string): void {
  assert.ok(existsSync(join(root, "packages", file)), file);
  t.diagnostic(`also: ${file}`);
}
