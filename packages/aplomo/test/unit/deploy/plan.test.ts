import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { EdgeCapabilities } from "../../../src/edges/contract.ts";
import { none } from "../../../src/edges/none/none.ts";
import type { Facts } from "../../../src/deploy/facts.ts";
import { notes, plan } from "../../../src/deploy/plan.ts";
import { describe as note } from "../../../src/deploy/step.ts";
import { phases } from "../../../src/base/events.ts";
import { abilities, facts, settings } from "./facts.ts";

const full = {
  databases: { agenda: { engine: "postgres", service: "db" }, audit: { engine: "postgres", service: "audit" } },
  migrate: { run: ["node", "migrate.js"], service: "web", database: "agenda" },
  derive: [{ name: "kpis", run: ["node", "kpis.js"], service: "web" }],
  seed: { run: ["node", "seed.js"], service: "web" },
  smoke: [{ get: "/" }],
  logs: { forbid: ["panic"] },
};
const one = { databases: { agenda: { engine: "postgres", service: "db" } } };

interface Case {
  name: string;
  settings: Record<string, unknown>;
  facts: Partial<Facts>;
  candidate?: boolean;
  steps: string;
}

const cases: Case[] = [
  {
    name: "the first deploy, nothing runs",
    settings: full,
    facts: { previous: null, change: "migrate" },
    steps: `prepare.environment prepare.source prepare.target prepare.data prepare.database.agenda prepare.database.audit prepare.stage
      protect.backup.agenda protect.backup.audit
      change.hold change.backup.agenda change.backup.audit change.migrate change.derive.kpis change.seed change.invariants change.mark.agenda change.mark.audit
      switch.units prove.identity prove.health prove.smoke prove.invariants prove.stability prove.logs keep.current`,
  },
  {
    name: "code only",
    settings: { ...full, ...one },
    facts: {},
    steps: `prepare.environment prepare.source prepare.target prepare.data prepare.database.agenda prepare.stage protect.backup.agenda
      switch.units prove.identity prove.health prove.smoke prove.invariants prove.stability prove.logs keep.current keep.retire`,
  },
  {
    name: "migrating, with a unit booted aside first and old releases to remove",
    settings: { ...one, migrate: full.migrate },
    facts: { change: "migrate", prune: [{ id: "r0", path: "/r0" }] },
    candidate: true,
    steps: `prepare.environment prepare.source prepare.target prepare.data prepare.database.agenda prepare.stage protect.backup.agenda
      change.hold change.backup.agenda change.migrate change.invariants change.mark.agenda
      switch.try switch.units prove.identity prove.health prove.invariants prove.stability prove.logs keep.current keep.retire keep.prune`,
  },
  {
    name: "a rollback of code",
    settings: one,
    facts: { action: "rollback" },
    steps: `prepare.target prepare.data prepare.database.agenda prepare.stage protect.backup.agenda
      switch.units prove.identity prove.health prove.invariants prove.stability prove.logs keep.current keep.retire`,
  },
  {
    name: "a rollback with data",
    settings: full,
    facts: { action: "rollback", change: "restore", restore: { agenda: "b1", audit: "b2" } },
    steps: `prepare.target prepare.data prepare.database.agenda prepare.database.audit prepare.stage protect.backup.agenda protect.backup.audit
      change.hold change.backup.agenda change.backup.audit change.restore.agenda change.restore.audit change.invariants change.mark.agenda change.mark.audit
      switch.units prove.identity prove.health prove.smoke prove.invariants prove.stability prove.logs keep.current keep.retire`,
  },
  {
    name: "a restore, in which the release stays",
    settings: one,
    facts: { action: "restore", change: "restore", restore: { agenda: "b1" }, previous: { id: "r2", path: "/state/releases/r2" } },
    steps: `prepare.target prepare.data prepare.database.agenda prepare.stage protect.backup.agenda
      change.hold change.backup.agenda change.restore.agenda change.invariants change.mark.agenda
      switch.units prove.identity prove.health prove.invariants prove.stability prove.logs keep.current`,
  },
  {
    name: "data that was loaded and proven beside takes the place of the present",
    settings: one,
    facts: {
      action: "restore",
      change: "restore",
      loaded: { agenda: "aplomo_copy_1" },
      previous: { id: "r2", path: "/state/releases/r2" },
    },
    steps: `prepare.target prepare.data prepare.database.agenda prepare.stage protect.backup.agenda
      change.hold change.backup.agenda change.load.agenda change.invariants change.mark.agenda
      switch.units prove.identity prove.health prove.invariants prove.stability prove.logs keep.current`,
  },
  {
    name: "what runs was not started by Aplomo",
    settings: {},
    facts: { adopt: true, previous: { id: "r0", path: "/state/releases/r0" } },
    steps:
      "prepare.environment prepare.source prepare.target prepare.adopt prepare.stage switch.units prove.identity prove.health prove.stability prove.logs keep.current keep.retire",
  },
  {
    name: "no databases, a seed, and nothing to watch",
    settings: { seed: full.seed, health: { watch: "0s" } },
    facts: { change: "migrate" },
    steps:
      "prepare.environment prepare.source prepare.target prepare.stage change.hold change.seed switch.units prove.identity prove.health prove.logs keep.current keep.retire",
  },
];

describe("the steps of", () => {
  for (const one of cases) {
    const make = () => plan(facts(one.facts), settings(one.settings), abilities({ candidate: one.candidate ?? false }));
    it(one.name, () =>
      assert.deepEqual(
        make().map((step) => step.id),
        one.steps.trim().split(/\s+/),
      ),
    );

    it(`${one.name}: the same again, in the order of the phases, each once`, () => {
      assert.deepEqual(make().map(note), make().map(note));
      const places = make().map((step) => phases.indexOf(step.phase));
      assert.deepEqual(
        places,
        places.toSorted((a, b) => a - b),
      );
      assert.equal(new Set(make().map((step) => step.id)).size, make().length);
    });

    it(`${one.name}: is JSON both ways, as it must be after a crash`, () => {
      const again = plan(
        JSON.parse(JSON.stringify(facts(one.facts))) as Facts,
        settings(one.settings),
        abilities({ candidate: one.candidate ?? false }),
      );
      assert.deepEqual(again.map(note), make().map(note));
    });
  }
});

const holding: EdgeCapabilities = {
  ...none.capabilities,
  switches: true,
  holds: { limitMs: 300_000, survivesRestart: true },
  keepsConnections: true,
};
const fronted = (more: Partial<Facts> = {}, edge: EdgeCapabilities = holding) => {
  const known = facts({ edge: { kind: "caddy", version: "caddy 2.11.9", pointed: true }, ...more });
  const steps = plan(known, settings({ ...one, migrate: full.migrate, smoke: full.smoke }), { ...abilities({ candidate: true }), edge });
  return { ids: steps.map((step) => step.id).filter((id) => /^(prepare\.edge|change|switch)/.test(id)), said: notes(known, steps, edge) };
};

describe("behind an edge", () => {
  const change = ["change.hold", "change.backup.agenda", "change.migrate", "change.invariants", "change.mark.agenda"];
  const come = ["switch.beside", "switch.probe", "switch.point"];

  it("code alone goes beside, is asked, pointed at, and the old one drained before it stops", () => {
    const { ids, said } = fronted();
    assert.deepEqual(ids, ["prepare.edge", "switch.try", ...come, "switch.drain", "switch.units"]);
    assert.match(said.at(-1) ?? "", /^0 s of interruption/);
  });

  it("what a rehearsal will find decides whether the old units are drained, and the plan says what either means", () => {
    const { ids, said } = fronted({ change: "migrate", rehearsal: { run: true, reason: "rehearsed" } });
    assert.deepEqual(ids, ["prepare.edge", ...change, "switch.try", ...come, "switch.drain", "switch.units", "switch.resume"]);
    assert.match(said.join("\n"), /compatible: data changes while .* serves on.*; breaking: as follows\n.*requests wait at caddy/s);
  });

  it("an earlier rehearsal of the same release says which it will be, and for how long", () => {
    const found = { deployment: "d7", verdict: "compatible", way: "live", changedMs: 1_200, expectedHoldMs: 0 };
    const rehearsal = { run: true, reason: "rehearsed" };
    const live = fronted({ change: "migrate", rehearsal, foreseen: found }).said.join("\n");
    assert.match(live, /as d7 rehearsed it: compatible; data changes while r1 serves on, and took 1\.2 s on the copy\n0 s of interruption/);
    const held = fronted({
      change: "migrate",
      rehearsal,
      foreseen: { ...found, verdict: "breaking", way: "hold", expectedHoldMs: 9_000 },
    }).said;
    assert.match(
      held.join("\n"),
      /breaking; requests wait while data changes, for about 9\.0 s\n0 s of interruption: requests wait at caddy for about 9\.0 s/,
    );
  });

  it("requests wait while data changes, and go on when the new release is in front", () => {
    const { ids, said } = fronted({ change: "migrate" });
    assert.deepEqual(ids, ["prepare.edge", ...change, "switch.try", ...come, "switch.units", "switch.resume"]);
    assert.match(said.at(-1) ?? "", /0 s of interruption: requests wait at caddy for about 2\.0 s/);
  });

  it("an edge that cannot hold says for how long requests fail, and one that closes idle connections that it does", () => {
    const { ids, said } = fronted({ change: "migrate" }, { ...holding, holds: null, keepsConnections: false });
    assert.ok(!ids.includes("switch.resume"));
    assert.match(said.join("\n"), /requests fail for about 2\.0 s .*\n.*closes connections that are idle/);
  });

  it("the first release behind it says who is cut off", () => {
    const { said } = fronted({ edge: { kind: "caddy", version: null, pointed: false } });
    assert.match(said.at(-1) ?? "", /through caddy from now on/);
  });

  it("is not used with a target that cannot run two releases at once", () => {
    const known = facts({ edge: { kind: "caddy", version: null, pointed: true } });
    const steps = plan(known, settings(one), { ...abilities({ beside: false }), edge: holding });
    assert.deepEqual(
      steps.filter(({ phase }) => phase === "switch").map(({ id }) => id),
      ["switch.units"],
    );
  });
});

describe("how long it interrupts", () => {
  const steps = (more: Partial<Facts>, lossless = false) =>
    plan(facts(more), settings({ ...one, migrate: full.migrate }), abilities({ lossless }));
  const said = (more: Partial<Facts>, lossless = false): string => notes(facts(more), steps(more, lossless)).at(-1) ?? "";

  it("is an estimate before the first measurement, and as last time after it", () => {
    assert.match(said({}), /about 2\.0 s \(an estimate: nothing was measured yet\)/);
    assert.match(said({ measured: { "switch.units": 700 } }), /about 700 ms \(as last time\)/);
  });

  it("with data changed it is from the stop of the old to the first good answer of the new, counted once", () => {
    const measured = { "change.hold": 100, "change.migrate": 5_000, "switch.units": 900, "prove.health": 2_000, "prepare.stage": 9_999 };
    assert.match(said({ change: "migrate", measured }), /about 8\.0 s/);
  });

  it("is nothing where the switch loses no request, or nothing runs", () => {
    assert.match(said({}, true), /interrupts no request/);
    assert.match(said({ previous: null, change: "migrate" }), /nothing runs yet/);
  });

  it("says first what happens to data", () => assert.equal(notes(facts(), steps({}))[0], "data is left alone"));
});
