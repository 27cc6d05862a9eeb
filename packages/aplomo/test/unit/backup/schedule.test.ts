import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { cronLine, editCrontab, systemdUnits, type Job } from "../../../src/backup/schedule.ts";
import { need } from "../../support/need.ts";

const analyze = spawnSync("systemd-analyze", ["--version"]).status === 0;
const job: Job = {
  app: "agenda",
  at: "02:05",
  zone: "Europe/Madrid",
  argv: [process.execPath, "/opt/it's 100% $here/bin.js", "backup", "run"],
  home: "/var/lib/a b",
  directory: "/",
};

describe("a schedule", () => {
  it("as a cron line gives the program the very words it was given", () => {
    const line = cronLine({ ...job, argv: ["printf", "%s\\n", "it's 100% $here", "two words"] });
    assert.match(line, /^5 2 \* \* \* cd \/ && env 'APLOMO_HOME=\/var\/lib\/a b' /);
    // What cron does: everything after the fifth field goes to a shell, with \% as %.
    const command = line.replace(/^(?:\S+ ){5}/, "").replaceAll("\\%", "%");
    assert.equal(execFileSync("sh", ["-c", command], { encoding: "utf8" }), "it's 100% $here\ntwo words\n");
  });

  it("stands in a crontab once however often it is installed, and takes nothing else away", () => {
    const others = "MAILTO=me\n5 4 * * * tidy # mine\n";
    const once = editCrontab(others, "agenda", cronLine(job));
    assert.equal(editCrontab(once, "agenda", cronLine(job)), once);
    assert.ok(once.startsWith(others));
    assert.equal(editCrontab(once, "agenda", undefined), others);
    assert.equal(editCrontab(once, "other", undefined), once);
  });

  it("as units is what systemd accepts", { skip: need(analyze, "no systemd-analyze") }, () => {
    const folder = mkdtempSync(join(tmpdir(), "aplomo-units-"));
    try {
      const { service, timer } = systemdUnits(job);
      writeFileSync(join(folder, "aplomo-backup-agenda.service"), service);
      writeFileSync(join(folder, "aplomo-backup-agenda.timer"), timer);
      const { stderr, stdout } = spawnSync("systemd-analyze", ["verify", join(folder, "aplomo-backup-agenda.timer")], { encoding: "utf8" });
      const ours = `${stdout}${stderr}`.split("\n").filter((line) => line.includes("aplomo-backup"));
      assert.deepEqual(ours, []);
      const next = spawnSync("systemd-analyze", ["calendar", `*-*-* ${job.at}:00 ${job.zone}`], { encoding: "utf8" });
      assert.equal(next.status, 0, next.stderr);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
