import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { aplomo, aplomoWhile, finishedOf, type AgendaRig, type AgendaState, type Run } from "../../support/agenda.ts";
import { book, resultOf } from "./scenarios.ts";

const full = Boolean(process.env["APLOMO_TEST_FULL"]);

/** What it says of itself when it is killed, without `script/test --full`. */
const moments = ["restoring the backup", "on the copy: node migrate.js", "booting r\\d+ on the copy"];

/** A release is performed on a copy, in both directions, and whatever becomes of it nothing of it is left and production is as it was. */
export function rehearsalScenarios(
  kind: string,
  skip: false | string,
  make: () => Promise<AgendaRig>,
  left: (rig: AgendaRig) => Promise<string[]>,
  { prepare, kills = moments }: { prepare?: (rig: AgendaRig) => Promise<unknown>; kills?: readonly string[] } = {},
): void {
  describe(`rehearsing with ${kind}`, { skip }, () => {
    let rig: AgendaRig;
    let old: AgendaState;
    let told: string[] = [];
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
      told = toldBy(run);
      const evidence = evidenceOf(run);
      assert.equal(evidence["verdict"], "compatible");
      assert.match(JSON.stringify(evidence["rows"]), /reminders: new/);
      assert.match(JSON.stringify(evidence["schema"]), /reminders/);
      assert.deepEqual(await rig.state(), old);
      assert.deepEqual(await left(rig), []);
      const [newest] = resultOf(await aplomo(rig, "backup", "list"))["backups"] as { proven: unknown }[];
      assert.match(String(newest?.proven), /^\d{4}-/, "the backup that it has restored is proven by that");
      const report = (await aplomo(rig, "report")).output;
      assert.match(report, /## Rehearsal/);
    });

    const killedAt = async (moment: RegExp): Promise<void> => {
      const killed = await aplomoWhile(rig, moment, (child) => child.kill("SIGKILL"), "rehearse");
      assert.equal(killed.code, null, `${moment}: ${killed.output.slice(-2_000)}`);
      const recovered = await aplomo(rig, "recover");
      assert.equal(recovered.code, 0, `${moment}: ${recovered.output.slice(-3_000)}`);
      assert.deepEqual(await rig.state(), old, String(moment));
      assert.deepEqual(await left(rig), [], String(moment));
    };
    for (const moment of kills) {
      const skipped = full && "each of its moments follows";
      it(`leaves nothing when it is killed at "${moment}" and Aplomo is started again`, { skip: skipped }, () =>
        killedAt(new RegExp(moment)),
      );
    }

    it(
      "leaves nothing when it is killed at whichever moment it tells of",
      { skip: !full && "a long round: script/test --full" },
      async (t) => {
        // Numbers of releases and deployments rise each time.
        const patterns = told.map((message) => message.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replace(/\d+/g, String.raw`\d+`));
        const all = [...new Set(patterns)];
        assert.ok(all.length > 4, all.join());
        t.diagnostic(`killed at: ${all.join("; ")}`);
        for (const moment of all) await killedAt(new RegExp(moment));
      },
    );
  });
}

/** Everything it says of itself between the step's beginning and its end. */
function toldBy({ events }: Run): string[] {
  const at = (type: string): number =>
    events.findIndex((event) => event.type === type && "step" in event && event.step === "rehearse.release");
  const during = events.slice(at("step.started"), at("step.ended"));
  return during.flatMap((event) => (event.type === "progress" || event.type === "step.progress" ? [event.message] : []));
}

function evidenceOf(run: Run): Record<string, unknown> {
  const ended = run.events.find((event) => event.type === "step.ended" && event.step === "rehearse.release");
  assert.ok(ended?.type === "step.ended", run.output.slice(-3_000));
  return ended.evidence;
}
