import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyLedger, markTold, note, untold, type Ledger } from "../../../src/agent/incidents.ts";
import type { Signal } from "../../../src/agent/signal.ts";

const start = Date.parse("2026-11-22T10:00:00Z");
const minute = 60_000;
const calm = 3 * minute;
const signal = (key: string, level: Signal["level"] = "error"): Signal => ({
  key,
  level,
  subject: key,
  message: "m",
  next: "n",
  evidence: [],
});
const told = (ledger: Ledger): string[] => untold(ledger).map(({ incident, kind }) => `${incident.id} ${kind}`);

/** One look a minute; each lists what was seen. What has to be told is told at once. */
function looks(...seen: Signal[][]): { ledger: Ledger; said: string[] } {
  let ledger = emptyLedger;
  const said: string[] = [];
  for (const [index, signals] of seen.entries()) {
    const now = new Date(start + index * minute);
    ledger = note(ledger, signals, now, calm);
    for (const { incident, kind } of untold(ledger)) {
      said.push(`${index}: ${incident.id} ${kind} ${incident.troubles.map(({ key }) => key).join(",")}`);
      ledger = markTold(ledger, incident.id, kind, now);
    }
  }
  return { ledger, said };
}

const [web, db, disk] = [signal("web"), signal("db"), signal("disk", "warning")];

test("one bad look is nobody's business", () => {
  assert.deepEqual(looks([web], [], [web], [], []).said, []);
});

test("trouble is told once, with all that came at once, and its end once", () => {
  const { said } = looks([web, db], [web, db], [web, db], [web], [], [], [], [], []);
  assert.deepEqual(said, ["1: i1 problem web,db", "6: i1 over web,db"]);
});

test("what follows an error within minutes belongs to it; what comes later is told by itself", () => {
  const at = (index: number): Signal[] => [web, ...(index >= 3 ? [db] : []), ...(index >= 20 ? [disk] : [])];
  const { said, ledger } = looks(...Array.from({ length: 24 }, (_, index) => at(index)));
  assert.deepEqual(said, ["1: i1 problem web", "21: i2 problem disk"]);
  assert.deepEqual(
    ledger.incidents[1]?.troubles.map(({ key }) => key),
    ["web", "db"],
  );
});

test("an error never hides in a warning that was told", () => {
  assert.deepEqual(looks([disk], [disk], [disk, web], [disk, web]).said, ["1: i1 problem disk", "3: i2 problem web"]);
});

test("what comes and goes is one incident", () => {
  const { said } = looks([web], [web], [], [web], [], [], [web], [], [], [], []);
  assert.deepEqual(said, ["1: i1 problem web", "9: i1 over web"]);
});

test("what nobody took is told again; of what was over before, nobody hears", () => {
  let ledger = note(note(emptyLedger, [web], new Date(start), calm), [web], new Date(start + minute), calm);
  assert.deepEqual(told(ledger), ["i1 problem"]);
  ledger = note(ledger, [web], new Date(start + 2 * minute), calm);
  assert.deepEqual(told(ledger), ["i1 problem"]);
  ledger = note(ledger, [], new Date(start + 9 * minute), calm);
  assert.deepEqual(told(ledger), []);
});
