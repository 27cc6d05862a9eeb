import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { planRetention, type RetentionOptions } from "../../../src/backup/retention.ts";
import { reach } from "../../../src/backup/retention-reach.ts";
import { slotOf, slotsToFill, tiers, type Dated, type Keep } from "../../../src/backup/tiers.ts";
import { seeded } from "../../support/random.ts";

const keep: Keep = { daily: 7, weekly: 4, monthly: 6 };
const day = 24 * 60 * 60 * 1_000;
const start = Date.UTC(2024, 0, 1, 2);
const options = (now: Date, more: Partial<RetentionOptions> = {}): RetentionOptions => ({ now, zone: "UTC", ...more });

function night(number: number, more: Partial<Dated> = {}): Dated {
  const at = new Date(start + number * day);
  return { id: `app_${more.tier ?? "daily"}_${at.toISOString()}`, tier: "daily", at, proof: "proven", release: null, ...more };
}

function going(backups: readonly Dated[], at: Date, more: Partial<RetentionOptions> = {}): string[] {
  return planRetention(backups, keep, options(at, more))
    .filter(({ action }) => action === "delete")
    .map(({ backup }) => backup.id);
}

const nights = (count: number): Dated[] => Array.from({ length: count }, (_, index) => night(index));
const later = new Date(start + 1_000 * day);

test("keeps the newest of each of the last days, and says why the others go", () => {
  const plan = planRetention(nights(9), keep, options(later));
  assert.deepEqual(
    plan.filter(({ action }) => action === "delete").map(({ backup, reason }) => `${backup.id}: ${reason}`),
    [night(1), night(0)].map(({ id }) => `${id}: 7 daily ones are kept, and it is older`),
  );
  const twice = night(8, { id: "again", at: new Date(night(8).at.getTime() + 3_600_000) });
  const [first, second] = planRetention([...nights(9), twice], keep, options(later));
  assert.equal(first?.reason, "it is the newest proven one");
  assert.equal(second?.reason, "again is the proven one of the day 2024-01-09");
});

test("backups that are not made any more never grow too old", () => {
  assert.deepEqual(going(nights(3), new Date(start + 10_000 * day)), []);
});

test("deletes nothing while the newest is not proven, or the clock is behind it", () => {
  for (const proof of ["none", "failed"] as const) assert.deepEqual(going([...nights(20), night(20, { proof })], later), []);
  assert.deepEqual(going(nights(20), new Date(start + 18 * day)), []);
  assert.deepEqual(going([...nights(20), night(400)], new Date(start + 21 * day)), []);
  assert.match(planRetention(nights(20), keep, options(new Date(0)))[0]?.reason ?? "", /the clock is behind the newest backup/);
});

test("never deletes more than so many in one run, the oldest first", () => {
  assert.deepEqual(
    going(nights(40), later),
    nights(10)
      .toReversed()
      .map(({ id }) => id),
  );
  assert.equal(going(nights(40), later, { most: 100 }).length, 33);
  assert.equal(going(nights(40), later, { most: 0 }).length, 0);
});

test("an unproven backup stays while its day has no other, and goes with the days around it", () => {
  const some = nights(12).map((one, index) => (index % 3 === 1 ? { ...one, proof: "failed" as const } : one));
  assert.deepEqual(going(some, later), [night(1).id, night(0).id]);
  const again = night(10, { id: "again" });
  assert.ok(going([...some, again], later).includes(night(10).id));
});

test("what a kept release needs stays, and so does what no schedule made", () => {
  const others = [
    night(0, { id: "d1", tier: "deploy", release: "r1", proof: "none" }),
    night(0, { id: "d2", tier: "deploy", release: "r2", proof: "none" }),
    night(0, { id: "d3", tier: "deploy", proof: "none" }),
    night(0, { id: "m", tier: "manual" }),
    night(0, { id: "s", tier: "safety" }),
  ];
  assert.deepEqual(going([...others, night(5)], later, { releases: ["r2", "r3"] }), ["d1"]);
  assert.deepEqual(going([...others, night(5)], later), []);
});

test("keeping none of anything still keeps the newest proven one", () => {
  const none = { daily: 0, weekly: 0, monthly: 0 };
  const left = planRetention(nights(5), none, options(later)).filter(({ action }) => action === "keep");
  assert.deepEqual(
    left.map(({ backup }) => backup.id),
    [night(4).id],
  );
});

test("an empty folder needs no decision", () => {
  assert.deepEqual(planRetention([], keep, options(later)), []);
});

describe("what a setting reaches", () => {
  const settings: Keep[] = [
    keep,
    { daily: 1, weekly: 0, monthly: 0 },
    { daily: 3, weekly: 8, monthly: 2 },
    { daily: 14, weekly: 0, monthly: 12 },
  ];
  for (const setting of settings) {
    test(`of ${Object.values(setting).join("/")} is what a simulation keeps`, () => {
      let there: Dated[] = [];
      const [counts, ages] = [new Set<number>(), new Set<number>()];
      for (let number = 0; number < 400 + 1_461; number += 1) {
        there = add(there, night(number), "UTC");
        there = apply(there, planRetention(there, setting, options(night(number).at)));
        if (number < 400) continue;
        counts.add(new Set(there.map(({ at }) => at.getTime())).size);
        ages.add((night(number).at.getTime() - Math.min(...there.map(({ at }) => at.getTime()))) / day);
      }
      const { backups, days } = reach(setting);
      assert.deepEqual(
        { backups, days },
        { backups: [Math.min(...counts), Math.max(...counts)], days: [Math.min(...ages), Math.max(...ages)] },
      );
    });
  }

  test("is said in words", () => {
    assert.equal(
      reach(keep).text,
      "each of the last 7 days; the last 4 Sundays, 21 to 27 days back; the 1st of the last 6 months, this one included. " +
        "Together 15 to 16 different backups that reach 150 to 183 days back.",
    );
  });
});

/** 900 days with everything that goes wrong, and what must hold all the same. */
for (const seed of process.env["APLOMO_TEST_FULL"] === "1" ? Array.from({ length: 50 }, (_, index) => index) : [1, 2, 3]) {
  for (const moving of [false, true]) {
    test(`900 days, ${moving ? "zones and clocks that change" : "failures alone"}, seed ${seed}`, () => {
      const random = seeded(seed * 2 + (moving ? 1 : 0));
      const zones = ["Europe/Madrid", "America/Mexico_City", "Pacific/Auckland", "Pacific/Kiritimati", "UTC"];
      let zone = zones[seed % zones.length] ?? "UTC";
      let there: Dated[] = [];
      const made: Dated[] = [];
      let clock = 0;
      let since = 0;
      let deleted = 0;
      for (let number = 0; number < 900; number += 1) {
        if (moving && random() < 0.02) {
          zone = zones[Math.floor(random() * zones.length)] ?? zone;
          since = made.length;
        }
        // A clock that is set back or forward by up to two days, and put right some days later.
        if (moving && random() < 0.03) clock = clock === 0 ? (random() - 0.5) * 4 * day : 0;
        const runs = random() < 0.07 ? 0 : random() < 0.1 ? 2 : 1;
        for (let run = 0; run < runs; run += 1) {
          const at = new Date(start + number * day + run * 3_600_000 + random() * 60_000 + clock);
          const luck = random();
          const proof = luck < 0.85 ? "proven" : luck < 0.93 ? "failed" : "none";
          const tier = random() < 0.1 ? "deploy" : "daily";
          const backup: Dated = {
            id: `${number}.${run}`,
            tier,
            at,
            proof,
            release: tier === "deploy" ? `r${Math.floor(number / 10)}` : null,
          };
          made.push(backup);
          there = add(there, backup, zone);
          const releases = Array.from({ length: 5 }, (_, index) => `r${Math.floor(number / 10) - index}`);
          const plan = planRetention(there, keep, options(new Date(at.getTime() + 60_000), { zone, releases }));
          const left = apply(there, plan);
          deleted += there.length - left.length;
          judge({ before: there, left, made, zone, since, releases });
          there = left;
        }
      }
      assert.ok(deleted > 600, `${deleted} deleted`);
      // It is not that everything stays: failures, days without a success, deploys of 50 days and what a moved clock holds up are all there is beyond the tiers.
      assert.ok(there.length < 60, `${there.length} left`);
    });
  }
}

interface Scene {
  before: Dated[];
  left: Dated[];
  made: Dated[];
  zone: string;
  /** How many were made before the zone was the present one. */
  since: number;
  releases: string[];
}

function judge({ before, left, made, zone, since, releases }: Scene): void {
  const gone = before.filter((backup) => !left.includes(backup));
  const proven = made.filter(({ proof }) => proof === "proven");
  const newest = (list: Dated[]): number => Math.max(...list.map(({ at }) => at.getTime()));
  if (proven.length > 0)
    assert.equal(newest(left.filter(({ proof }) => proof === "proven")), newest(proven), "the newest proven one is gone");
  assert.ok(left.length > 0);
  assert.ok(gone.length <= 10);
  const last = before.find(({ at }) => at.getTime() === newest(before));
  if (last?.proof !== "proven") assert.deepEqual(gone, [], "deleted while the newest is not proven");
  for (const { tier, release } of gone)
    assert.ok(tier !== "deploy" || !releases.includes(release ?? ""), "a kept release's backup is gone");
  // Days of one zone are not those of another: what was chosen by an earlier one is not held to the present one.
  const earlier = made.slice(0, since);
  for (const tier of tiers) {
    const slot = slots(tier, zone);
    const filled = (list: Dated[], from: string): Set<string> =>
      new Set(list.filter((one) => one.tier === from && one.proof === "proven").map(({ at }) => slot(at)));
    const [old, found] = [filled(earlier, "daily"), filled(left, tier)];
    const promised = [...filled(made, "daily")].sort().slice(-keep[tier]);
    for (const one of promised) assert.ok(old.has(one) || found.has(one), `${tier} ${one} is not there`);
  }
}

const known = new Map<string, Map<number, string>>();

/** Asked millions of times. */
function slots(tier: (typeof tiers)[number], zone: string): (at: Date) => string {
  const key = `${tier} ${zone}`;
  const its = known.get(key) ?? new Map<number, string>();
  known.set(key, its);
  return (at) => {
    let found = its.get(at.getTime());
    if (found === undefined) its.set(at.getTime(), (found = slotOf(tier, at, zone)));
    return found;
  };
}

function add(there: Dated[], backup: Dated, zone: string): Dated[] {
  const copies = slotsToFill(backup, there, zone).map((tier) => ({ ...backup, id: `${backup.id}-${tier}`, tier }));
  return [...there, backup, ...copies];
}

function apply(there: Dated[], plan: { backup: Dated; action: string }[]): Dated[] {
  const gone = new Set(plan.filter(({ action }) => action === "delete").map(({ backup }) => backup));
  return there.filter((backup) => !gone.has(backup));
}
