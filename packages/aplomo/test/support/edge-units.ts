import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Edge, Upstream } from "../../src/edges/contract.ts";
import type { EdgeLoad } from "./edge-client.ts";
import { root } from "./root.ts";

const program = join(root, ".cache/js/packages/aplomo/test/support/edge-upstream.js");

/** A running unit. */
export interface EdgeUnit extends Upstream {
  name: string;
  /** SIGKILL, and waits: whoever still needed it sees a reset connection. */
  kill(): Promise<void>;
}

/** Real processes that stand behind an edge; all of them end with the test. */
export class EdgeUnits {
  readonly #children = new Set<ChildProcess>();

  async start(name: string): Promise<EdgeUnit> {
    // Its input is a pipe of ours: it ends when we do.
    const child = spawn(process.execPath, [program, name], { stdio: ["pipe", "pipe", "inherit"] });
    this.#children.add(child);
    const [said] = (await once(child.stdout, "data")) as [Buffer];
    const port = Number(/listening (\d+)/.exec(said.toString())?.[1]);
    return { name, host: "127.0.0.1", port, kill: () => this.#end(child) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#children].map((child) => this.#end(child)));
  }

  async #end(child: ChildProcess): Promise<void> {
    if (!this.#children.delete(child)) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
}

/** So many switches in a row, each to a unit that was just started; the one before is drained and killed. Gives the last, and what each `point` took. */
export async function switchTimes(
  times: number,
  { edge, units, load, first }: { edge: Edge; units: EdgeUnits; load: EdgeLoad; first: EdgeUnit },
): Promise<{ last: EdgeUnit; took: number[] }> {
  let unit = first;
  const took: number[] = [];
  for (let number = 1; number <= times; number += 1) {
    const next = await units.start(`u${number}`);
    const begun = performance.now();
    await edge.point([next]);
    took.push(performance.now() - begun);
    load.gone(unit.name);
    await edge.drain([unit]);
    await unit.kill();
    unit = next;
  }
  return { last: unit, took };
}
