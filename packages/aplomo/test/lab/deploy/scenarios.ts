import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { poll } from "../../../src/base/time.ts";
import { aplomo, aplomoWhile, failureOf, finishedOf, type AgendaRig, type Run } from "../../support/agenda.ts";

/** Versions that must not come into front, and what finds each out. */
const failing: { version: string; step: RegExp; exitCode?: number; says?: RegExp }[] = [
  { version: "crash", step: /^(switch\.try|switch\.units|prove\.(identity|health))$/, says: /SMS_GATEWAY_URL is not set/ },
  { version: "hang", step: /^(switch\.try|switch\.units|prove\.(identity|health))$/ },
  { version: "unhealthy", step: /^(switch\.try|switch\.units|prove\.(identity|health))$/ },
  { version: "exit-zero", step: /^prove\.(stability|health|smoke)$/, exitCode: 0 },
  { version: "migration-fails", step: /^change\.migrate$/ },
  { version: "migration-half", step: /^change\.migrate$/ },
  { version: "lossy", step: /^change\.invariants$/ },
];

/** Versions that a rehearsal finds out on the copy, and what it says of them. */
const rehearsedAway: { version: string; says: RegExp }[] = [
  { version: "migration-fails", says: /ended with exit code 1/ },
  { version: "migration-half", says: /ended with exit code/ },
  { version: "lossy", says: /rows are missing/ },
];

/** The story of issue "one data-safe deploy", told on any target. */
export function deployScenarios(kind: string, skip: false | string, make: () => Promise<AgendaRig>): void {
  describe(`deploying the agenda with ${kind}`, { skip }, () => {
    let rig: AgendaRig;
    before(async () => {
      rig = await make();
      watched("2s");
      await rig.assemble("v1");
    });
    after(() => rig?.close());

    /** From the next `assemble` on. Only what ends by itself after 4 s, and what is to be met while it is watched, needs the rig's own 7 s. */
    const watched = (text: "2s" | "7s"): void => rig.configure(/watch: \w+/, `watch: ${text}`);

    it("deploys the first release", async () => {
      const finished = finishedOf(await expectCode(rig, 0, "deploy"));
      assert.equal(finished.outcome, "deployed");
      assert.equal(finished.previous, null);
      await book(rig.port, 30);
      assert.equal((await rig.state()).version, "1.0.0");
    });

    it("replaces it by a good release with a migration, and keeps every row", async () => {
      const before = await rig.state();
      await rig.assemble("v2");
      const finished = finishedOf(await expectCode(rig, 0, "deploy"));
      assert.equal(finished.outcome, "deployed");
      assert.equal(finished.previous, "r1");
      assert.equal(finished.rowsLost, 0);
      const now = await rig.state();
      assert.equal(now.version, "2.0.0");
      assert.equal(now.data["patients"], before.data["patients"]);
    });

    for (const { version, step, exitCode, says } of failing) {
      it(`undoes ${version}, leaving code, environment and every table as before`, async () => {
        const before = await rig.state();
        watched(version === "exit-zero" ? "7s" : "2s");
        // These two are waited for to the end.
        rig.configure(/within: \w+/, version === "hang" || version === "unhealthy" ? "within: 8s" : "within: 20s");
        await rig.assemble(version);
        // A rehearsal would refuse what breaks data before production is touched; here it is production that must come back.
        const run = await aplomo(rig, "deploy", "--no-rehearsal");
        const finished = finishedOf(run);
        assert.equal(finished.outcome, "undone", run.output.slice(-3_000));
        assert.equal(run.code, 1);
        assert.match(finished.failedStep ?? "", step);
        assert.equal(finished.rowsLost, 0);
        assert.deepEqual(await rig.state(), before);
        const { evidence } = failureOf(run).failure;
        if (exitCode !== undefined) assert.equal(evidence?.["exitCode"], exitCode, JSON.stringify(failureOf(run)));
        if (says) assert.match(JSON.stringify(evidence), says);
        await assertReport(rig, finished.deployment, finished.failedStep ?? "");
      });
    }

    for (const { version, says } of rehearsedAway) {
      it(`refuses ${version} in the rehearsal, and has not touched production`, async () => {
        const before = await rig.state();
        await rig.assemble(version);
        const run = await aplomo(rig, "deploy");
        const finished = finishedOf(run);
        assert.deepEqual([run.code, finished.outcome, finished.failedStep], [1, "refused", "rehearse.release"], run.output.slice(-3_000));
        assert.match(failureOf(run).failure.message, says);
        assert.equal(failureOf(run).failure.evidence?.["verdict"], "refused");
        assert.deepEqual(await rig.state(), before);
        await assertReport(rig, finished.deployment, "rehearse.release", "refused");
      });
    }

    it("deploys a change of the environment alone: other code that lies about stays out, and data is not touched", async () => {
      const before = await rig.state();
      await rig.assemble("patch");
      const next = join(dirname(rig.folder), "next.env");
      const present = await readFile(join(rig.folder, ".env"), "utf8");
      await writeFile(next, present.replace("Lab Clinic 1", "Lab Clinic 2"));
      await expectCode(rig, 0, "env", "push", next);
      await rig.setVariable("CLINIC_NAME", "Lab Clinic 2");
      const differing = await expectCode(rig, 1, "env", "diff");
      assert.match(differing.output, /"name":"CLINIC_NAME","change":"changed"/);
      const finished = finishedOf(await expectCode(rig, 0, "deploy", "--env-only"));
      const now = await rig.state();
      assert.equal(finished.outcome, "deployed");
      assert.deepEqual(new Set(now.clinic), new Set(["Lab Clinic 2"]));
      assert.equal(now.version, "2.0.0");
      assert.deepEqual(now.data, before.data);
      await expectCode(rig, 0, "env", "diff");
    });

    it("rolls back to the release before, in one command", async () => {
      const finished = finishedOf(await expectCode(rig, 0, "rollback"));
      assert.equal(finished.release, "r2");
      const now = await rig.state();
      assert.deepEqual([now.version, ...new Set(now.clinic)], ["2.0.0", "Lab Clinic 1"]);
    });

    it("rolls back with data to the release before the migration", async () => {
      await book(rig.port, 5);
      const finished = finishedOf(await expectCode(rig, 0, "rollback", "r1", "--with-data"));
      assert.equal(finished.release, "r1");
      const now = await rig.state();
      assert.equal(now.version, "1.0.0");
      assert.equal(now.data["reminders"], undefined);
    });

    it("refuses a second deploy while one runs", async () => {
      await rig.assemble("v2");
      const first = aplomo(rig, "deploy");
      let second = await aplomo(rig, "deploy");
      // The first may not have taken the lock yet when the second asks: then the second is the one that runs.
      const one = await first;
      if (second.code === 0) second = one;
      assert.deepEqual(new Set([one.code, second.code]).has(4), true, `${one.code} ${second.code}\n${second.output.slice(-2_000)}`);
      assert.equal((await rig.state()).version, "2.0.0");
    });

    it("takes an interrupted deploy back, and says so by exit code 130", async () => {
      const before = await rig.state();
      watched("7s");
      await rig.assemble("patch");
      const run = await aplomoWhile(rig, "prove.stability", (child) => child.kill("SIGINT"), "deploy");
      assert.equal(finishedOf(run).outcome, "undone", run.output.slice(-3_000));
      assert.equal(run.code, 130);
      assert.deepEqual(await rig.state(), before);
    });

    it("leaves rows that people wrote to a person's decision, with exit code 3", async () => {
      await rig.assemble("v2");
      const before = await rig.state();
      // Holds while data changes, and no longer once a visitor has booked.
      const rows = await countOf(rig.port);
      rig.configure(/appointments: .*/, `appointments: { at_most: ${rows} }`);
      await rig.assemble("exit-zero");
      const visitors = everySoOften(() => book(rig.port, 1));
      const run = await aplomoWhile(rig, "prove.stability", visitors.start, "deploy", "--migrate", "--no-rehearsal").finally(() =>
        visitors.stop(),
      );
      assert.equal(finishedOf(run).outcome, "stuck", run.output.slice(-3_000));
      assert.equal(finishedOf(run).failedStep, "prove.stability");
      assert.equal(run.code, 3);
      assert.equal((await aplomo(rig, "deploy")).code, 3, "nothing new may begin meanwhile");
      const decided = await expectCode(rig, 0, "recover", "--data", "keep");
      assert.equal(finishedOf(decided).outcome, "undone");
      assert.equal(finishedOf(decided).rowsLost, 0);
      assert.deepEqual((await rig.state()).code, before.code);
      assert.ok((await countOf(rig.port)) >= rows + visitors.done(), "every booking that was confirmed is there");
      rig.configure(/appointments: .*/, "appointments: { never_falls: true }");
      watched("2s");
      await rig.assemble("v2");
    });

    it("says in status, verify, history and logs what is there", async () => {
      assert.equal((await aplomo(rig, "status")).code, 0);
      assert.equal((await aplomo(rig, "verify")).code, 0);
      assert.equal((await aplomo(rig, "check")).code, 0);
      assert.equal((await aplomo(rig, "plan")).code, 0);
      assert.equal((await aplomo(rig, "logs")).code, 0);
      const history = (await aplomo(rig, "history")).events.at(-1);
      assert.equal(history?.type, "result");
      assert.match(JSON.stringify(history), /"outcome":"undone"/);
    });

    it("backs up, restores in one command with the data of before kept beside, and undoes that", async () => {
      assert.equal((await aplomo(rig, "backup", "run")).code, 0);
      const before = await rig.state();
      await book(rig.port, 7);
      assert.notDeepEqual((await rig.state()).data, before.data);
      const replaced = (await rig.state()).data;
      const { deployment } = finishedOf(await expectCode(rig, 0, "backup", "restore", "latest", "--yes"));
      assert.deepEqual((await rig.state()).data, before.data);
      assert.equal((await aplomo(rig, "backup", "list")).code, 0);
      // Time is short: only where the release in front must be stopped for it. It answers again, with the data of then.
      if (kind !== "pm2") return;
      const undo = ["backup", "restore", "--undo", `aplomo_before_${deployment}`, "--yes"];
      // Killed with the application stopped for it, it is ended by the next one, or whatever mends.
      const killed = await aplomoWhile(rig, /stopped while/, (child) => void child.kill("SIGKILL"), ...undo);
      assert.equal(killed.code, null);
      await expectCode(rig, 0, "recover");
      assert.deepEqual(resultOf(await aplomo(rig, "recover")), { recovered: null });
      await poll(async () => ((await rig.state()).version === before.version ? true : undefined), { limit: 20_000, every: 100 });
      assert.deepEqual((await rig.state()).data, replaced);
      await book(rig.port, 1);
    });

    // The pipeline is one; once is enough.
    it("pushes data in, through the gates, and keeps what was there", { skip: kind !== "pm2" }, async () => {
      const before = await rig.state();
      await expectCode(rig, 0, "backup", "run", "--manual");
      const all = resultOf(await aplomo(rig, "backup", "list"))["backups"] as { id: string; tier: string; database: string }[];
      const backup = all.find(({ tier }) => tier === "manual");
      assert.ok(backup);
      const { id, tier, database } = backup;
      const folder = join(String(rig.env["APLOMO_HOME"]), "apps/agenda/backups", database, tier);
      const file = (await readdir(folder)).find((name) => name.startsWith(id) && !/\.(sha256|json)$/.test(name)) ?? "";
      await book(rig.port, 3);
      const run = await expectCode(rig, 0, "data", "push", join(folder, file), "--to", database, "--yes");
      assert.equal(finishedOf(run).outcome, "deployed");
      assert.deepEqual((await rig.state()).data, before.data);
    });

    it("writes no secret and no value of the environment anywhere", async () => {
      const { code, output } = await aplomo(rig, "report");
      assert.equal(code, 0);
      assert.doesNotMatch(output, /a-planted_password-7f3a/);
    });
  });
}

export function resultOf(run: Run): Record<string, unknown> {
  const last = run.events.findLast((event) => event.type === "result");
  assert.ok(last?.type === "result", run.output.slice(-2_000));
  return last.data as Record<string, unknown>;
}

async function expectCode(rig: AgendaRig, code: number, ...args: string[]): ReturnType<typeof aplomo> {
  const run = await aplomo(rig, ...args);
  assert.equal(run.code, code, `aplomo ${args.join(" ")}: exit code ${run.code}\n${run.output.slice(-4_000)}`);
  return run;
}

async function assertReport(rig: AgendaRig, deployment: string, step: string, outcome = "undone"): Promise<void> {
  const { output } = await aplomo(rig, "report", deployment);
  assert.match(output, new RegExp(`Failed: ${step.replaceAll(".", "\\.")}`));
  assert.match(output, new RegExp(`outcome \\| \\*\\*${outcome}\\*\\*`));
}

/** How many appointments there are, as the app's own API tells. */
async function countOf(port: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/appointments?limit=1000`, { headers: { connection: "close" } });
  return ((await answer.json()) as { appointments: unknown[] }).appointments.length;
}

/** Once started, calls again and again, one after the other, whatever comes of it; `done` counts the calls that ended well. */
function everySoOften(call: () => Promise<void>): { start(): void; stop(): Promise<void>; done(): number } {
  let going = true;
  let done = 0;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (going) {
      await call().then(
        () => (done += 1),
        () => {},
      );
      await delay(50);
    }
  };
  return {
    start: () => void (running ??= run()),
    stop: async () => {
      going = false;
      await running;
    },
    done: () => done,
  };
}

let booked = 0;

/** Books appointments as a visitor does. */
export async function book(port: number, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const slot = booked++;
    const day = new Date(Date.UTC(2090, 0, 1) + Math.floor(slot / 20) * 86_400_000).toISOString().slice(0, 10);
    const time = `${String(8 + Math.floor((slot % 20) / 2)).padStart(2, "0")}:${slot % 2 ? "30" : "00"}`;
    const body = JSON.stringify({ practitionerId: 1, day, time, name: `Patient ${slot}`, phone: "555 0123" });
    assert.equal(await post(`http://127.0.0.1:${port}/api/appointments`, body), 201);
  }
}

/** The status of one POST on a connection of its own; a fetch may wait for ever where a proxy accepts for an app that is gone. */
function post(url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), connection: "close" };
    const asked = request(url, { method: "POST", agent: false, timeout: 5_000, headers }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0)).on("error", reject);
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer within 5 s"))).on("error", reject);
    asked.end(body);
  });
}
