import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { aplomo, finishedOf, runProgram, type AgendaRig, type AgendaState } from "../../support/agenda.ts";
import { dyingEngine } from "../../support/cli.ts";
import { book } from "./scenarios.ts";

export interface Line {
  type: string;
  step?: string;
}

/** Kills the engine at every boundary of its journal and looks at what the next start makes of it: the old release or the new one, never a third thing. */
export function crashScenarios(kind: string, skip: false | string, make: () => Promise<AgendaRig>): void {
  describe(`killing a deploy with ${kind} at the boundaries of its journal`, { skip }, () => {
    let rig: AgendaRig;
    let old: AgendaState;
    let done: AgendaState;
    let good: Line[];
    let bad: Line[];
    before(async () => {
      rig = await make();
      // What the watch finds is looked at elsewhere: here it would only be waited for, two hundred times.
      rig.configure(/watch: \w+/, "watch: 200ms");
      // What a rehearsal leaves when it is killed is looked at in its own tests: here it would only be performed a hundred times.
      rig.configure(/^migrate:/m, "rehearsal: { when: never }\nmigrate:");
      await rig.assemble("v1");
      await mustEnd(rig, 0, "deploy");
      await book(rig.port, 20);
      old = await rig.state();
      await rig.assemble("lossy");
      await mustEnd(rig, 1, "deploy");
      bad = await journalOf(rig, "d2");
      await rig.assemble("v2");
      await mustEnd(rig, 0, "deploy");
      good = await journalOf(rig, "d3");
      done = await rig.state();
      await goBack(rig, old);
    });
    after(() => rig?.close());

    it("ends a deploy that migrates in one of two states, wherever it is killed", async () => {
      await rig.assemble("v2");
      for (const [mode, line] of sampled(boundaries(good))) await killAt(mode, line, good[line - 1]);
    });

    it("ends one that is being undone in the old state, wherever it is killed", async () => {
      await rig.assemble("lossy");
      const from = bad.findIndex((line) => line.type === "step.failed");
      const moments = boundaries(bad).filter(([, number]) => number > from);
      for (const [mode, line] of sampled(moments)) await killAt(mode, line, bad[line - 1]);
    });

    async function killAt(mode: string, line: number, entry: Line | undefined): Promise<void> {
      const where = `killed ${mode} line ${line} (${entry?.type} ${entry?.step ?? ""})`;
      const killed = await runProgram(rig, [dyingEngine, mode, String(line)]);
      assert.equal(killed.code, null, `${where}: it did not die\n${killed.output.slice(-2_000)}`);
      const recovered = await aplomo(rig, "recover");
      assert.equal(recovered.code, 0, `${where}: ${recovered.output.slice(-3_000)}`);
      const state = await rig.state();
      if (state.version === old.version) assert.deepEqual(state, old, where);
      else assert.deepEqual(comparable(state), comparable(done), where);
      const status = (await aplomo(rig, "status")).events.at(-1);
      assert.equal(status?.type === "result" && (status.data as { running: unknown }).running, null, where);
      if (state.version !== old.version) await goBack(rig, old);
    }
  });
}

/** Steps that only look: between their two lines nothing is changed. */
const looks = /^(prove\.|prepare\.(environment|target|database)|change\.(invariants|mark))/;

/** After every line, and, where something is changed between two lines, also when it is done but not yet written down. */
export function boundaries(lines: readonly Line[]): ["after" | "before", number][] {
  return lines.flatMap((line, index): ["after" | "before", number][] => {
    const acted = (line.type === "step.ended" || line.type === "undo.ended") && !looks.test(line.step ?? "");
    const last = index === lines.length - 1;
    return [...(acted ? [["before", index + 1] as ["before", number]] : []), ...(last ? [] : [["after", index + 1] as ["after", number]])];
  });
}

/** Every fifth of the boundaries, of each kind some, for a step has three at most; `script/test --full` dies at all of them. */
export function sampled<T>(moments: readonly T[]): readonly T[] {
  return process.env["APLOMO_TEST_FULL"] ? moments : moments.filter((_, index) => index % 5 === 0);
}

/** When a migration ran stands in its own table, and release folders have numbers: both differ from one run to the next. */
function comparable(state: AgendaState): object {
  const { migrations: _ran, ...data } = state.data;
  return { version: state.version, units: state.code.length, clinic: state.clinic, data };
}

async function goBack(rig: AgendaRig, old: AgendaState): Promise<void> {
  await mustEnd(rig, 0, "rollback", "r1", "--with-data");
  assert.deepEqual(await rig.state(), old);
}

async function mustEnd(rig: AgendaRig, code: number, ...args: string[]): Promise<void> {
  const run = await aplomo(rig, ...args);
  assert.equal(run.code, code, `aplomo ${args.join(" ")}\n${run.output.slice(-3_000)}`);
  finishedOf(run);
}

export async function journalOf(rig: AgendaRig, deployment: string): Promise<Line[]> {
  const text = await readFile(join(String(rig.env["APLOMO_HOME"]), "apps/agenda/deployments", deployment, "journal.jsonl"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}
