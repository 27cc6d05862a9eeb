import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { markOf } from "../../../src/host/mark.ts";
import { aplomo, failureOf, finishedOf, type AgendaRig, type AgendaState } from "../../support/agenda.ts";
import { composeRig } from "../../support/agenda-compose.ts";
import { docker } from "../../support/compose.ts";
import { whyNoCompose } from "../../support/lab.ts";

interface Case {
  title: string;
  version: string;
  /** What is wrong with the files beside the version. */
  edit: { file: "compose.yml" | "aplomo.yml"; from: RegExp | string; to: string }[];
  /** Who doctor says it is, and what it says the cause is. */
  rule: string;
  message: RegExp;
  /** In the last lines of what failed. */
  log: RegExp;
}

const url = "postgres://agenda:${POSTGRES_PASSWORD:?set it in .env}@db";

const cases: Case[] = [
  {
    title: "a migration whose password the database does not take",
    version: "v2",
    edit: [{ file: "compose.yml", from: url, to: "postgres://agenda:of-another-server@db" }],
    rule: "database-password",
    message: /does not let agenda in/,
    log: /password authentication failed/,
  },
  {
    title: "a release that lacks a variable when it starts",
    version: "crash",
    edit: [],
    rule: "secret-missing",
    message: /SMS_GATEWAY_URL/,
    log: /SMS_GATEWAY_URL is not set/,
  },
  {
    title: "derived data of a table that is not there, whose last lines are a stack",
    version: "v2",
    edit: [
      {
        file: "aplomo.yml",
        from: /^seed:.*$/m,
        to: `derive:
  - name: totals
    service: web
    run:
      - node
      - --input-type=module
      - -e
      - import pg from "pg"; const db = new pg.Client(process.env.DATABASE_URL); await db.connect(); await db.query("SELECT sum(total) FROM invoices")`,
      },
    ],
    rule: "schema-behind",
    message: /the database has no invoices/,
    log: /relation "invoices" does not exist/,
  },
  {
    title: "a release that only its own container could ask",
    version: "v2",
    edit: [
      {
        file: "compose.yml",
        from: "    environment:\n      DATABASE_URL",
        to: "    environment:\n      HOST: 127.0.0.1\n      DATABASE_URL",
      },
      { file: "aplomo.yml", from: /within: \w+/, to: "within: 6s" },
    ],
    rule: "listens-localhost",
    message: /port 3000 is open on 127\.0\.0\.1 and nowhere else/,
    log: /listen/i,
  },
];

describe("a rehearsal that fails", { skip: whyNoCompose("V2") ?? false }, () => {
  let rig: AgendaRig;
  let old: AgendaState;
  before(async () => {
    rig = await composeRig(0);
    rig.configure(/watch: \w+/, "watch: 1s");
    await rig.assemble("v1");
    const first = await aplomo(rig, "deploy");
    assert.equal(first.code, 0, first.output.slice(-3_000));
    old = await rig.state();
  });
  after(() => rig?.close());

  for (const { title, version, edit, rule, message, log } of cases) {
    it(`tells the cause and the next act of ${title}`, async () => {
      await rig.assemble(version);
      for (const { file, from, to } of edit) {
        const path = join(rig.folder, file);
        const text = await readFile(path, "utf8");
        const changed = text.replace(from, () => to);
        assert.notEqual(changed, text, file);
        await writeFile(path, changed);
      }
      const run = await aplomo(rig, "rehearse");
      const finished = finishedOf(run);
      assert.deepEqual([run.code, finished.outcome, finished.failedStep], [1, "refused", "rehearse.release"], run.output.slice(-3_000));
      const { causes = [], evidence = {} } = failureOf(run).failure;
      const told = causes.find((one) => one.rule === rule);
      assert.match(told?.message ?? "", message, JSON.stringify(failureOf(run).failure));
      assert.ok((told?.next ?? "").length > 20, JSON.stringify(told));
      assert.equal(evidence["verdict"], "refused");
      const said = evidence["log"] ?? evidence["output"];
      assert.ok(typeof said === "string");
      assert.match(said, log);
      const report = (await aplomo(rig, "report")).output;
      assert.match(report, new RegExp(rule));
      assert.deepEqual(await rig.state(), old);
      const room = `aplomo-rehearsal-agenda-${markOf(String(rig.env["APLOMO_HOME"]))}`;
      assert.equal(await docker("ps", "--all", "--quiet", "--filter", `name=${room}`), "");
      assert.doesNotMatch(run.output, /a-planted_password/);
    });
  }
});
