import assert from "node:assert/strict";
import { cp, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { aplomo, failureOf, finishedOf } from "../../support/agenda.ts";
import { pm2Rig } from "../../support/agenda-pm2.ts";
import { root } from "../../support/root.ts";
import { rehearsalScenarios } from "./rehearsals.ts";

/** Copies beside the database's file. */
rehearsalScenarios("pm2", false, pm2Rig, async (rig) => {
  const names = await readdir(join(dirname(rig.folder), "data"));
  return names.filter((name) => name.includes("aplomo_"));
});

test("a release on whose data the current one no longer works is breaking, and one that does not work itself is refused", async () => {
  const rig = await pm2Rig();
  try {
    rig.configure(/watch: \w+/, "watch: 1s");
    await rig.assemble("v2");
    const first = await aplomo(rig, "deploy");
    assert.equal(first.code, 0, first.output.slice(-3_000));

    // Version 1 has no reminders; version 2 reads them on its first page.
    const migrations = join(rig.folder, "migrations/sqlite");
    await rig.assemble("v1");
    await cp(join(root, "examples/agenda/versions/v2/migrations/sqlite"), migrations, { recursive: true });
    await writeFile(join(migrations, "009_no_reminders.sql"), "DROP TABLE reminders;\n");
    const breaking = await aplomo(rig, "rehearse");
    assert.equal(breaking.code, 0, breaking.output.slice(-3_000));
    const ended = breaking.events.find((event) => event.type === "step.ended" && event.step === "rehearse.release");
    assert.equal(ended?.type === "step.ended" && ended.evidence["verdict"], "breaking", breaking.output.slice(-3_000));
    assert.match(JSON.stringify(ended), /"currentRelease":"r1: [^"]*smoke/);

    await rig.assemble("v2");
    await writeFile(join(migrations, "009_no_reminders.sql"), "DROP TABLE reminders;\n");
    const refused = await aplomo(rig, "deploy");
    assert.deepEqual([refused.code, finishedOf(refused).outcome, failureOf(refused).step], [1, "refused", "rehearse.release"]);
    assert.match(failureOf(refused).failure.message, /smoke gate/);
  } finally {
    await rig.close();
  }
});
