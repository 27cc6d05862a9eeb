import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { poll, within } from "../../src/base/time.ts";
import { whyNoHosts } from "../support/lab.ts";
import { recoveryRig, type RecoveryRig, type State } from "../support/recovery-rig.ts";
import { patternOf, scenarios, type Moment, type Scenario } from "../support/recovery-scenarios.ts";
import { writeRecovery, type Cell } from "../support/recovery-table.ts";

const full = process.env["APLOMO_TEST_FULL"] !== undefined;

/** By default one moment of most scenarios, another for each of them, so that every phase is there. */
const sample: Partial<Record<string, Moment>> = {
  "engine killed": "change",
  "connection cut": "switch",
  "container engine killed": "switch",
  "registry gone": "prepare",
  "database restarted": "watch",
  "disk full": "prove",
  "another laptop deploys": "protect",
  "server loses power": "keep",
};

/** Whatever dies and whenever: the new release, proven, or the old one; every row that somebody was told is written; the lock free. */
describe("a deploy over ssh that something goes wrong with", { skip: whyNoHosts() ?? false }, () => {
  let rig: RecoveryRig;
  let front: State;
  const cells: Cell[] = [];
  before(async () => {
    rig = await recoveryRig();
    const { code, stdout } = await rig.laptop.aplomo("setup", "--no-agent");
    assert.equal(code, 0, stdout);
    await rig.reset();
    front = await rig.state();
  });
  after(async () => {
    for (const cell of cells) console.log(Object.values(cell).join(" · "));
    if (full && cells.length >= 40) await writeRecovery(cells);
    await rig.close();
  });

  for (const scenario of scenarios) {
    for (const moment of scenario.moments) {
      if (!full && sample[scenario.name] !== moment) continue;
      it(`${scenario.name}, ${moment}`, async () => {
        const stopWriting = rig.write();
        try {
          cells.push(await play(scenario, moment, stopWriting));
        } catch (error) {
          console.log(await rig.diagnosis());
          await rig.reset();
          front = await rig.state();
          throw error;
        } finally {
          await stopWriting();
        }
      });
    }
  }

  async function play(scenario: Scenario, moment: Moment, stopWriting: () => Promise<number[]>): Promise<Cell> {
    const number = await rig.next();
    await scenario.prepare?.(rig);
    const watch = await rig.server.when(rig.app, patternOf(moment), scenario.there?.(rig) ?? "true");
    const typed = rig.laptop.begin(["deploy", "--json"]);
    let come = true;
    await Promise.race([watch.acted, typed.ended.then(() => (come = false))]);
    if (come) await scenario.here?.(rig, typed);
    const { code, stdout, stderr } = await typed.ended;
    const acted = await within(
      watch.acted.then(() => true),
      60_000,
      false,
    );
    watch.forget();
    assert.ok(acted, `the moment never came: ${stdout.slice(-3_000)}`);
    await scenario.seen?.(rig);
    await scenario.mend?.(rig);
    const said = `${stdout.slice(-3_000)}${stderr}`;
    assert.ok(stdout.length > 0, said);

    const recovered = await rig.other.aplomo("recover", "--json");
    const state = await settled();
    const written = await stopWriting();
    const now = await rig.state();
    const told = `ended ${code}: ${said}\nrecovered: ${recovered.stdout}\n${JSON.stringify({ ...now, entries: now.entries.length })}`;
    assert.equal(recovered.code, 0, told);
    const reached = reachedState(front, now, number);
    assert.ok(reached, told);
    const lost = [...front.entries, ...written].filter((id) => !now.entries.includes(id));
    assert.deepEqual([lost, now.lockFree, now.scratch], [[], true, []], told);
    assert.equal(state, true, told);
    front = now;
    return { scenario: scenario.name, moment, code: String(code), reached, written: written.length, lost: lost.length, lock: "free" };
  }

  /** A database that was killed reads its log first. */
  async function settled(): Promise<true | undefined> {
    return poll(async () => ((await rig.state()).version === "down" ? undefined : true), { limit: 60_000, every: 500 });
  }
});

/** Undefined: it is neither of the two states. */
function reachedState(before: State, now: State, number: number): string | undefined {
  if (now.marks.length !== 1) return undefined;
  if (now.version === String(number)) return now.migrated === number && now.outcome === "deployed" ? "new release, proven" : undefined;
  if (now.version !== before.version || !["refused", "undone"].includes(now.outcome)) return undefined;
  if (now.migrated === before.migrated) return "old release and data";
  // The way back would lose rows that were written since: they stay, and the old release was seen healthy on them.
  return now.migrated === number ? "old release, rows since kept" : undefined;
}
