// A database that accepts connections and never answers, asked for 1,000 times through the real clients.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { need } from "../../../aplomo/test/support/need.ts";
import { bench } from "../support/places.ts";

const skip = need(bench !== undefined, "packages/runtime/test/install.sh was not run");

for (const client of ["pg", "mysql2"]) {
  test(
    `a hung database, 1,000 times through ${client}: each answer is unhealthy within its limit, and memory does not grow`,
    { skip },
    () => {
      const fixture = join(import.meta.dirname, "../fixtures/hung.js");
      const out = execFileSync(process.execPath, ["--expose-gc", fixture, bench ?? "", client, "1000"], { encoding: "utf8" });
      const { kinds, grown } = JSON.parse(out) as { kinds: string[]; grown: number };
      // The limit, or what the client itself said within it when it gave up its own connection.
      for (const kind of kinds) assert.match(kind, /^unhealthy: (no answer within 10 ms|ETIMEDOUT)$/);
      assert.ok(grown < 500_000, `${grown} bytes more after 1,000 answers`);
    },
  );
}
