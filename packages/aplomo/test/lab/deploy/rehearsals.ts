import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { aplomo, aplomoWhile, finishedOf, type AgendaRig, type AgendaState, type Run } from "../../support/agenda.ts";
import { book } from "./scenarios.ts";

/** A release is performed on a copy, in both directions, and whatever becomes of it nothing of it is left and production is as it was. */
export function rehearsalScenarios(
  kind: string,
  skip: false | string,
  make: () => Promise<AgendaRig>,
  left: (rig: AgendaRig) => Promise<string[]>,
  { prepare, kills = true }: { prepare?: (rig: AgendaRig) => Promise<unknown>; kills?: boolean } = {},
): void {
  describe(`rehearsing with ${kind}`, { skip }, () => {
    let rig: AgendaRig;
    let old: AgendaState;
    before(async () => {
      rig = await make();
      rig.configure(/watch: \w+/, "watch: 1s");
      await rig.assemble("v1");
      const first = await aplomo(rig, "deploy");
      assert.equal(first.code, 0, first.output.slice(-3_000));
      await book(rig.port, 20);
      await prepare?.(rig);
      old = await rig.state();
      await rig.assemble("v2");
    });
    after(() => rig?.close());

    it("says that both releases work on the migrated data, and touches nothing", async () => {
      const run = await aplomo(rig, "rehearse");
      assert.equal(run.code, 0, run.output.slice(-3_000));
      assert.equal(finishedOf(run).outcome, "rehearsed");
      const evidence = evidenceOf(run);
      assert.equal(evidence["verdict"], "compatible");
      assert.match(JSON.stringify(evidence["rows"]), /reminders: new/);
      assert.match(JSON.stringify(evidence["schema"]), /reminders/);
      assert.deepEqual(await rig.state(), old);
      assert.deepEqual(await left(rig), []);
      const report = (await aplomo(rig, "report")).output;
      assert.match(report, /## Rehearsal/);
    });

    for (const moment of ["restoring the backup", "on the copy: node migrate.js", "booting r\\d+ on the copy"]) {
      it(
        `leaves nothing when it is killed at "${moment}" and Aplomo is started again`,
        { skip: kills ? false : "a long round: script/test --full" },
        async () => {
          const killed = await aplomoWhile(rig, new RegExp(moment), (child) => child.kill("SIGKILL"), "rehearse");
          assert.equal(killed.code, null, killed.output.slice(-2_000));
          const recovered = await aplomo(rig, "recover");
          assert.equal(recovered.code, 0, recovered.output.slice(-3_000));
          assert.deepEqual(await rig.state(), old);
          assert.deepEqual(await left(rig), []);
        },
      );
    }
  });
}

function evidenceOf(run: Run): Record<string, unknown> {
  const ended = run.events.find((event) => event.type === "step.ended" && event.step === "rehearse.release");
  assert.ok(ended?.type === "step.ended", run.output.slice(-3_000));
  return ended.evidence;
}
