import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { promisify } from "node:util";
import { poll } from "../../src/base/time.ts";
import { findLibrary } from "../../src/databases/sqlite/open.ts";
import { unique } from "../contract/database.suite.ts";
import { whyNoLab } from "../support/lab.ts";
import { root } from "../support/root.ts";

const run = promisify(execFile);
const docker = async (...args: string[]): Promise<string> => (await run("docker", args, { maxBuffer: 1e8 })).stdout.trim();
const name = unique("aplomo-schedule");
const image = `aplomo-test/${name}`;
const cli = join(root, ".cache/js/packages/aplomo/src/cli/bin.js");

const full = process.env["APLOMO_TEST_FULL"] ? false : "only with script/test --full: cron looks once a minute";

/** Machines in containers: one that systemd runs, one with cron alone. */
describe("backup schedule --install", { skip: whyNoLab() ?? full }, () => {
  let folder: string;
  before(async () => {
    const building = spawn("docker", ["build", "--force-rm", "--tag", image, "-"], {
      env: { ...process.env, DOCKER_BUILDKIT: "0" },
      stdio: ["pipe", "ignore", "inherit"],
    });
    building.stdin.end(
      "FROM aplomo-lab/node\nRUN apt-get update && apt-get install -y --no-install-recommends cron systemd systemd-sysv\n",
    );
    assert.equal(await new Promise((resolve) => building.once("close", resolve)), 0);
  });
  after(() => docker("rmi", image).catch(() => {}));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "aplomo-schedule-"));
    (await findLibrary()).write(join(folder, "live.db"), "CREATE TABLE notes (t text); INSERT INTO notes VALUES ('a'), ('b')");
  });
  afterEach(async () => {
    await docker("rm", "--force", "--volumes", name).catch(() => {});
    await rm(folder, { recursive: true, force: true });
  });

  const boot = (...args: string[]): Promise<string> =>
    docker("run", "--detach", "--name", name, "--volume", `${root}:${root}:ro`, "--volume", `${folder}:${folder}`, ...args);
  const inside = (...args: string[]): Promise<string> => docker("exec", "--workdir", folder, name, ...args);
  const aplomo = async (...args: string[]): Promise<Record<string, unknown>> => {
    const events = (await inside("node", cli, ...args, "--json")).split("\n").map((line) => JSON.parse(line) as { data?: object });
    return events.at(-1)?.data as Record<string, unknown>;
  };
  const write = (at: string): Promise<void> =>
    writeFile(
      join(folder, "aplomo.yml"),
      JSON.stringify({
        app: "agenda",
        target: { kind: "pm2", script: "server.js", port: 3000 },
        databases: { local: { engine: "sqlite", file: "live.db" } },
        backups: { directory: "backups", at, zone: "UTC" },
      }),
    );
  const proven = async (): Promise<number> =>
    ((await aplomo("backup", "list"))["backups"] as { tier: string; proven: unknown }[]).filter(
      (one) => one.tier === "daily" && typeof one.proven === "string",
    ).length;

  it("has systemd make them", async () => {
    const rights = ["--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"];
    const places = ["--tmpfs", "/run", "--tmpfs", "/run/lock", "--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw"];
    await boot(...rights, ...places, "--entrypoint", "/lib/systemd/systemd", image);
    await poll(() => inside("systemctl", "list-timers").catch(() => undefined), { limit: 30_000, every: 200 });
    await write("02:30");
    assert.equal((await aplomo("backup", "schedule", "--install"))["by"], "systemd");
    assert.equal(await inside("systemctl", "is-active", "aplomo-backup-agenda.timer"), "active");
    assert.match(await inside("systemctl", "show", "-P", "NextElapseUSecRealtime", "aplomo-backup-agenda.timer"), / 02:3[01]:/);
    // What the timer does at that time.
    await inside("systemctl", "start", "aplomo-backup-agenda.service");
    assert.equal(await proven(), 1);
    await aplomo("backup", "schedule", "--uninstall");
    assert.doesNotMatch(await inside("systemctl", "list-timers", "--all"), /aplomo/);
  });

  it("has cron make them, and keeps what else stands in the crontab", async () => {
    await boot("--entrypoint", "cron", image, "-f");
    await inside("sh", "-c", "echo '0 5 * * 1 true' | crontab -");
    // The next minute but for its last seconds, in which installing may take longer.
    const next = new Date(Date.now() + 75_000).toISOString();
    await write(next.slice(11, 16));
    assert.equal((await aplomo("backup", "schedule", "--install"))["by"], "cron");
    const made = await poll(async () => ((await proven()) === 1 ? true : undefined), { limit: 150_000, every: 1_000 });
    assert.ok(made, await inside("crontab", "-l"));
    await aplomo("backup", "schedule", "--uninstall");
    assert.equal(await inside("crontab", "-l"), "0 5 * * 1 true");
  });
});
