import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Edge, Pointing, Upstream } from "../../../src/edges/contract.ts";
import { none } from "../../../src/edges/none/none.ts";
import { several } from "../../../src/edges/several.ts";

/** An edge that keeps in mind what it was asked for. */
function kept(name: string, said: string[], pointing: Partial<Pointing> = {}): Edge {
  const text = (upstreams: readonly Upstream[]): string => upstreams.map(({ port }) => port).join(",");
  return {
    ...none,
    kind: "kept",
    point: async (upstreams) => (said.push(`${name} to ${text(upstreams)}`), {}),
    drain: async (upstreams) => (said.push(`${name} drains ${text(upstreams)}`), { clean: true, left: 0, ms: 5 }),
    remove: async () => void said.push(`${name} goes`),
    inspect: async () => ({ version: "1", running: true, refusals: [{ message: "port 80 is taken", hint: "" }] }),
    current: async () => ({ upstreams: null, holding: false, settled: true, ...pointing }),
  };
}

const unit = (port: number, service: string): Upstream => ({ host: "127.0.0.1", port, service });
const units = [unit(1, "web"), unit(2, "api"), unit(3, "web")];

describe("several sites of one application", () => {
  it("each get the units of their service, the main one all the rest", async () => {
    const said: string[] = [];
    const edge = several(kept("main", said), new Map([["api", kept("api", said)]]));
    await edge.point(units);
    await edge.drain(units);
    await edge.remove();
    assert.deepEqual(said, ["main to 1,3", "api to 2", "main drains 1,3", "api drains 2", "api goes", "main goes"]);
  });

  it("tell one refusal once", async () => {
    const edge = several(kept("main", []), new Map([["api", kept("api", [])]]));
    assert.equal((await edge.inspect()).refusals.length, 1);
  });

  it("are in front when the main one is, and settled when all are", async () => {
    const api = kept("api", [], { upstreams: [unit(2, "api")], settled: false });
    assert.deepEqual(await several(kept("main", []), new Map([["api", api]])).current(), {
      upstreams: null,
      holding: false,
      settled: false,
    });
    const main = kept("main", [], { upstreams: [unit(1, "web")], holding: true });
    const both = await several(main, new Map([["api", api]])).current();
    assert.deepEqual([both.upstreams?.map(({ port }) => port), both.holding], [[1, 2], true]);
  });
});
