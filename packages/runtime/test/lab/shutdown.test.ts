// The seven ways to end, with the bench's strict client, on every version of Node that is supported.
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { need } from "../../../aplomo/test/support/need.ts";
import { bench, compiled, nodes } from "../support/places.ts";

interface Outcome {
  ok?: boolean;
  code: number | null;
  signal: string | null;
  text: string;
}
type Attempt = (library: string, test: { title: string }, limit: number, options: object) => Promise<Outcome>;

const skip = need(bench !== undefined, "packages/runtime/test/install.sh was not run");
const load = (name: string): Promise<unknown> => import(pathToFileURL(join(bench ?? "", "shutdown", name)).href);
/** What the deadline cuts, and what an error ends, is not a clean exit. */
const codes: Record<string, number> = { "hung request": 1, "uncaught error": 1 };

for (const version of ["20", "22", "24"]) {
  const node = nodes.find(([name]) => name === version)?.[1];
  test(
    `seven of seven on Node ${version}`,
    { skip: skip || need(node !== undefined, `no Node ${version}: test/install.sh`) },
    async (t) => {
      const { cases } = (await load("cases.mjs")) as { cases: { title: string }[] };
      const { attempt } = (await load("attempt.mjs")) as { attempt: Attempt };
      assert.equal(cases.length, 7);
      for (const each of cases) {
        await t.test(each.title, async () => {
          const seen = await attempt("@aplomo/runtime", each, 2_000, { node, env: { APLOMO_RUNTIME: join(compiled, "index.js") } });
          assert.notEqual(seen.ok, false, seen.text);
          assert.deepEqual([seen.code, seen.signal], [codes[each.title] ?? 0, null], seen.text);
        });
      }
    },
  );
}
