import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { StuckError } from "../../../src/base/errors.ts";
import type { Counts, Database } from "../../../src/databases/contract.ts";
import { deploymentFolder } from "../../../src/deploy/deployments.ts";
import { saveMark } from "../../../src/deploy/marks.ts";
import { putBack } from "../../../src/deploy/steps/put-back.ts";
import { work, type Parts } from "./work.ts";

/** What is decided without a restore; with one, the tests on real databases hold it. */
interface Case {
  schema?: string;
  written?: Counts;
  since?: Counts;
  policy?: string;
  users?: number;
  evidence?: Parts["evidence"];
  started?: string[];
  /** What is done to the current release. */
  stopped?: string[];
}

const ended = {
  "change.backup.agenda": { backup: "b1", schema: "s1" },
  "change.mark.agenda": {},
};

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), "aplomo-put-back-"));
});
after(() => rm(root, { recursive: true, force: true }));

async function decide(one: Case): Promise<unknown> {
  const database: Partial<Database> = {
    name: "agenda",
    listScratch: async () => [],
    fingerprint: async () => one.schema ?? "s1",
    writtenSince: async (mark) => (mark["at"] === "backup" ? (one.written ?? {}) : (one.since ?? {})),
    counts: async () => ({ users: one.users ?? 10 }),
  };
  const given = work({
    settings: {
      on_conflict: one.policy ?? "ask",
      databases: { agenda: { engine: "postgres", service: "db", invariants: { users: { at_least: 10 } } } },
    },
    facts: { change: "migrate" },
    databases: [database],
    target: { stop: async (release) => (one.stopped?.push(release.id), {}) },
    evidence: one.evidence ?? ended,
    started: one.started ?? ["switch.units"],
  });
  given.paths.deployments = await mkdtemp(join(root, "deployments-"));
  await mkdir(deploymentFolder(given.paths, given.facts.deployment));
  for (const step of Object.keys(one.evidence ?? ended)) {
    await saveMark(given, step, { at: step.startsWith("change.backup") ? "backup" : "change" });
  }
  return putBack(given, database as Database);
}

describe("data is left alone", () => {
  it("when the backup before the change did not end: nothing was changed after it", async () => {
    assert.deepEqual(await decide({ evidence: {} }), { data: "untouched" });
  });

  it("when neither schema nor rows changed", async () => assert.deepEqual(await decide({}), { data: "untouched" }));

  it("when people wrote since, and the invariants hold: the old release must then prove healthy on it", async () => {
    assert.deepEqual(await decide({ schema: "s2", written: { users: 5 }, since: { users: 2 } }), {
      data: "kept as migrated",
      written: { users: 2 },
      rowsLost: 0,
    });
  });

  it("when people wrote since, and that was decided beforehand", async () => {
    assert.deepEqual(await decide({ schema: "s2", since: { users: 2 }, policy: "keep", users: 0 }), {
      data: "kept as migrated",
      written: { users: 2 },
      rowsLost: 0,
    });
  });
});

describe("where the current release served on", () => {
  const live = { ...ended, "rehearse.release": { way: "live" } };
  it("what was migrated stays, whatever was written", async () => {
    assert.deepEqual(await decide({ schema: "s2", written: { users: 5 }, since: { users: 2 }, evidence: live }), {
      data: "kept as migrated",
      rowsLost: 0,
    });
  });

  it("a change that took itself back left nothing", async () => {
    const evidence = { "change.backup.agenda": live["change.backup.agenda"], "rehearse.release": live["rehearse.release"] };
    assert.deepEqual(await decide({ evidence, since: { users: 9 } }), { data: "untouched", rowsLost: 0 });
  });

  it("a person decides when an invariant is broken that was kept on the copy, and nothing more is written", async () => {
    const stopped: string[] = [];
    await assert.rejects(decide({ schema: "s2", written: { users: 3 }, users: 9, evidence: live, stopped }), (error) => {
      assert.ok(error instanceof StuckError);
      assert.match(error.message, /users: 9, at least 10 expected.*users \(3\)/);
      return true;
    });
    assert.deepEqual(stopped, ["r1"]);
    assert.deepEqual(await decide({ schema: "s2", users: 9, evidence: live, policy: "keep" }), { data: "kept as migrated", rowsLost: 0 });
  });
});

it("a person decides when people wrote since and the invariants are broken", async () => {
  await assert.rejects(decide({ schema: "s2", since: { users: 2 }, users: 9 }), (error) => {
    assert.ok(error instanceof StuckError);
    assert.match(error.message, /users: 9, at least 10 expected.*users \(2\)/);
    assert.match(error.hint ?? "", /aplomo recover --data restore/);
    return true;
  });
});

describe("data is put back", () => {
  const restores = (one: Case) => assert.rejects(decide(one), /back|b1|paths|directory|argument/i);
  it("when only the release's own commands wrote", () => restores({ schema: "s2", written: { users: 9 }, started: [] }));
  it("when the change itself did not come to its end", () =>
    restores({ schema: "s2", since: { users: 2 }, evidence: { "change.backup.agenda": ended["change.backup.agenda"] } }));
  it("when losing people's rows was decided beforehand", () => restores({ schema: "s2", since: { users: 2 }, policy: "restore" }));
});
