import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Edge, Upstream } from "../../../src/edges/contract.ts";
import * as front from "../../../src/deploy/steps/front.ts";
import type { Work } from "../../../src/deploy/step.ts";
import type { Unit } from "../../../src/targets/contract.ts";
import { facts } from "./facts.ts";
import { unit, work } from "./work.ts";

const previous = { id: "r1", path: "" };
const given = facts({ previous, edge: { kind: "caddy", version: "2", pointed: true } });
const served = (id: string, port: number, more: Partial<Unit> = {}): Unit =>
  unit({ id, name: id, front: true, address: { host: "127.0.0.1", port }, ...more });
const ended: Partial<Unit> = { restarts: 1, exitCode: 0 };

/** What the edge was asked for; `drain` ends as told. */
function rig(
  units: Unit[],
  drain: () => Promise<unknown> = async () => ({ clean: true, left: 0, ms: 1 }),
): { work: Work; asked: string[] } {
  const asked: string[] = [];
  const ports = (upstreams: readonly Upstream[]): string => upstreams.map(({ port }) => port).join();
  const edge = {
    ensure: async () => ({}),
    point: async (to: readonly Upstream[]) => (asked.push(`point ${ports(to)}`), {}),
    drain: (from: readonly Upstream[]) => (asked.push(`drain ${ports(from)}`), drain()),
  } as unknown as Edge;
  const target = { units: async () => units, start: async () => (asked.push("start"), {}) };
  return { asked, work: { ...work({ facts: given, target }), edge } };
}

describe("a release that ends by itself while it serves", () => {
  it("is told while the old units still drain, however long that takes", async () => {
    const never = rig([served("new", 2, ended), served("old", 1, { release: "r1" })], () => new Promise(() => {}));
    await assert.rejects(front.drain(given, previous).run(never.work), /ended with exit code 0 and was restarted 1 time/);
    assert.deepEqual(never.asked, ["drain 1"]);
  });

  it("is told before the old units are stopped", async () => {
    const { work: its, asked } = rig([served("new", 2, ended)]);
    await assert.rejects(async () => front.units(given).run(its), /ended with exit code 0/);
    assert.deepEqual(asked, []);
  });

  it("is not drained when the edge points back: a proxy may wait for ever for the dead", async () => {
    const dead = rig([served("new", 2, ended), served("old", 1, { release: "r1" })]);
    await front.point(given).undo?.(dead.work);
    assert.deepEqual(dead.asked, ["point 1"]);
    const alive = rig([served("new", 2), served("old", 1, { release: "r1" })]);
    await front.point(given).undo?.(alive.work);
    assert.deepEqual(alive.asked, ["point 1", "drain 2"]);
  });
});

it("a release that serves well is waited for no longer than the old one drains, and then the old one is stopped", async () => {
  const { work: its, asked } = rig([served("new", 2), served("old", 1, { release: "r1" })]);
  assert.deepEqual(await front.drain(given, previous).run(its), { clean: true, left: 0, ms: 1 });
  await front.units(given).run(its);
  assert.deepEqual(asked, ["drain 1", "start"]);
});
