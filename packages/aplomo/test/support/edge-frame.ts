import assert from "node:assert/strict";
import { poll } from "../../src/base/time.ts";
import type { Edge, EdgeCapabilities, Upstream } from "../../src/edges/contract.ts";
import { sameUpstreams } from "../../src/edges/upstreams.ts";
import type { EdgeCall } from "./edge-caller.ts";
import { ask, type Tally } from "./edge-client.ts";
import { endCaller, type EdgeHarness, type EdgeRig } from "./edge-rig.ts";
import type { EdgeUnit } from "./edge-units.ts";

/** What every case of the suite works with: a rig that is made anew for each, and how it is looked at. */
export class EdgeFrame {
  readonly harness: EdgeHarness;
  /** What was measured, printed when all is over. */
  readonly numbers: Record<string, unknown> = {};
  #rig: EdgeRig | undefined;

  constructor(harness: EdgeHarness) {
    this.harness = harness;
  }

  get capabilities(): EdgeCapabilities {
    return this.harness.capabilities;
  }

  get rig(): EdgeRig {
    if (!this.#rig) throw new Error("no rig was made");
    return this.#rig;
  }

  async make(): Promise<EdgeRig> {
    this.#rig = await this.harness.make();
    return this.#rig;
  }

  async close(): Promise<void> {
    await this.#rig?.close();
    this.#rig = undefined;
  }

  /** An edge that points at one unit. */
  async front(name = "a"): Promise<{ edge: Edge; unit: EdgeUnit; rig: EdgeRig }> {
    const rig = await this.make();
    const edge = rig.open("shop");
    const unit = await rig.units.start(name);
    await edge.ensure();
    await edge.point([unit]);
    return { edge, unit, rig };
  }

  /** A driver for the same application that does not wait long where nothing tells that requests have ended. */
  brief(): Edge {
    return this.rig.open("shop", { drain: this.capabilities.drains === "blind" ? 500 : 8_000 });
  }

  async serves(name: string): Promise<void> {
    for (let number = 0; number < 6; number += 1) {
      assert.deepEqual(await ask(this.rig.door("shop")), { status: 200, name, text: "" });
    }
  }

  async says(edge: Edge, units: readonly Upstream[]): Promise<void> {
    const { upstreams, holding, settled } = await edge.current();
    assert.ok(sameUpstreams(upstreams, units), JSON.stringify(upstreams));
    assert.deepEqual({ holding, settled }, { holding: false, settled: true });
  }

  /** Another process makes the calls, says so, and is killed. */
  async callAndDie(calls: EdgeCall[]): Promise<void> {
    const caller = this.rig.caller("shop", calls, "stay");
    let said = "";
    caller.stdout?.on("data", (data: Buffer) => (said += data.toString()));
    const done = async (): Promise<true | undefined> => (said.trim().split("\n").length > calls.length ? true : undefined);
    assert.ok(await poll(done, { limit: 20_000, every: 20 }), `it said: ${said}`);
    await endCaller(caller);
  }

  /** The promise is about all of them where connections are kept, and else about those that were not on a connection used before. */
  nothingLost({ misses }: Tally): void {
    const excused = !this.capabilities.keepsConnections;
    const counted = excused ? misses.filter(({ reused, what }) => !(reused && what === "ECONNRESET")) : misses;
    assert.deepEqual(counted.slice(0, 5), [], `${counted.length} requests failed`);
  }
}

/** Asked of the unit directly. */
export async function countOf(unit: EdgeUnit): Promise<number> {
  return Number((await ask({ port: unit.port, host: "unit" }, "/count")).text);
}

export function address({ host, port }: Upstream): Upstream {
  return { host, port };
}
