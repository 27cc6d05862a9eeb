import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { cp, readdir, readlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { poll } from "../../../src/base/time.ts";
import { aplomo, aplomoWhile, failureOf, finishedOf } from "../../support/agenda.ts";
import { pm2Rig } from "../../support/agenda-pm2.ts";
import { root } from "../../support/root.ts";
import { rehearsalScenarios } from "./rehearsals.ts";

/** Copies beside the database's file. */
rehearsalScenarios("pm2", false, pm2Rig, async (rig) => {
  const names = await readdir(join(dirname(rig.folder), "data"));
  return names.filter((name) => name.includes("aplomo_"));
});

test("a process that was tried out when Aplomo was killed is gone after the next start", async () => {
  const rig = await pm2Rig();
  try {
    rig.configure(/watch: \w+/, "watch: 1s");
    await rig.assemble("v1");
    const first = await aplomo(rig, "deploy");
    assert.equal(first.code, 0, first.output.slice(-3_000));
    await rig.assemble("v2");
    const old = await rig.state();
    const killOnceItRuns = (child: ChildProcess): void =>
      void poll(async () => ((await inReleases(rig.folder)) > old.code.length ? true : undefined), { limit: 20_000, every: 10 }).then(() =>
        child.kill("SIGKILL"),
      );
    for (const [moment, command] of [
      [/booting r\d+ on the copy/, "rehearse"],
      ["switch.try", "deploy"],
    ] as const) {
      const killed = await aplomoWhile(rig, moment, killOnceItRuns, command);
      assert.equal(killed.code, null, `${command}: ${killed.output.slice(-2_000)}`);
      assert.equal(await inReleases(rig.folder), old.code.length + 1, `${command}: killed while nothing was tried out`);
      const recovered = await aplomo(rig, "recover");
      assert.equal(recovered.code, 0, recovered.output.slice(-3_000));
      // A compatible change was made live before the deploy came that far, and stays.
      const { version, code, data } = await rig.state();
      assert.deepEqual([version, code], [old.version, old.code], command);
      if (command === "rehearse") assert.deepEqual(data, old.data);
      assert.equal(await inReleases(rig.folder), old.code.length, command);
    }
  } finally {
    await rig.close();
  }
});

/** How many processes work in a folder of a release: asked of the kernel, for one that is tried out lives less long than `pm2 jlist` takes. */
async function inReleases(folder: string): Promise<number> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => "")));
  return folders.filter((one) => one.startsWith(dirname(folder)) && /\/releases\/r\d+\/app/.test(one)).length;
}

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
