import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { promisify } from "node:util";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { join } from "node:path";
import { poll } from "../../src/base/time.ts";
import { smallNode } from "../../src/agent/resident.ts";
import { unique } from "../contract/database.suite.ts";
import { agentRig, type AgentRig } from "../support/agent.ts";
import { whyNoLab } from "../support/lab.ts";
import { root } from "../support/root.ts";

const run = promisify(execFile);
const docker = async (...args: string[]): Promise<string> => (await run("docker", args, { maxBuffer: 1e8 })).stdout.trim();
const name = unique("aplomo-agent");
const image = `aplomo-test/${name}`;
const cli = join(root, ".cache/js/packages/aplomo/src/cli/bin.js");

/** Whoever asks is told that one runs, and that it looks. */
async function runs(list: () => Promise<string>): Promise<string> {
  const found = await poll(async () => /"agent":"(process \d+)/.exec(await list().catch(() => ""))?.[1], { limit: 60_000, every: 300 });
  assert.ok(found, await list().catch(String));
  return found;
}

describe("the agent, kept running by PM2", () => {
  it("is started by the printed line, runs again when it is killed, and stays small", async (t) => {
    const rig = await agentRig("withpm2");
    const pm2 = async (...args: string[]): Promise<string> =>
      (await run(join(root, "node_modules/.bin/pm2"), args, { env: rig.env, cwd: rig.folder })).stdout;
    // Hooks run in the order they are given: a daemon whose folder is gone cannot be told to end.
    t.after(() => pm2("kill").catch(() => ""));
    t.after(() => rig.close());
    assert.equal((await rig.run("agent", "add")).code, 0);
    const { events } = await rig.run("agent", "install");
    const { pm2: line = [] } = (events[0]?.["data"] ?? {}) as { pm2?: string[] };
    await pm2(...line.slice(1));
    const list = async (): Promise<string> => (await rig.run("agent", "list")).output;
    const first = await runs(list);
    process.kill(Number(first.split(" ")[1]), "SIGKILL");
    const second = await poll(async () => ((await runs(list)) === first ? undefined : runs(list)), { limit: 60_000 });
    assert.ok(second);
    await pm2("delete", "aplomo-agent");
    assert.match(await list(), /"agent":null/);
  });

  it("is put there by setup, left as it is by the next, and goes when no backup depends on it", async (t) => {
    const rig = await agentRig("setbypm2");
    const bin = join(root, "node_modules/.bin");
    rig.env["PATH"] = `${bin}:${process.env["PATH"]}`;
    t.after(() => run(join(bin, "pm2"), ["kill"], { env: rig.env }).catch(() => ""));
    t.after(() => rig.close());
    const list = async (): Promise<string> => (await rig.run("agent", "list")).output;
    const said = async (...words: string[]): Promise<string> => {
      const { code, output } = await rig.run(...words);
      assert.equal(code, 0, output);
      return output;
    };
    const off = await said("setup", "--no-agent");
    assert.match(off, /"check":"agent","state":"good","found":"left as it is"/);
    assert.match(await list(), /"agent":null/);

    assert.match(await said("setup"), /kept running by PM2 \(aplomo-agent\), put there now/);
    const first = await runs(list);
    assert.match(await said("setup"), /kept running by PM2 \(aplomo-agent\), as it was/);
    assert.equal(await runs(list), first);
    const saved = await readFile(join(rig.env["PM2_HOME"] ?? "", "dump.pm2"), "utf8");
    assert.match(saved, /"name": ?"aplomo-agent"/, "a reboot brings it back");

    await said("agent", "add");
    const refused = await rig.run("setup", "--remove");
    assert.deepEqual([refused.code, /the daily backup of setbypm2 is made by it/.test(refused.output)], [2, true], refused.output);
    assert.equal(await runs(list), first);
    await said("agent", "remove");
    assert.match(await said("setup", "--remove"), /"agent":"PM2"/);
    assert.match(await list(), /"agent":null/);
    assert.match(await said("setup", "--remove"), /"agent":null/);
    assert.doesNotMatch(await readFile(join(rig.env["PM2_HOME"] ?? "", "dump.pm2"), "utf8"), /aplomo-agent/);
  });
});

describe("the agent in a container", { skip: whyNoLab() ?? false }, () => {
  let rig: AgentRig;
  beforeEach(async () => {
    rig = await agentRig("incontainer", "watch: { every: 1s }\n");
  });
  afterEach(async () => {
    await docker("rm", "--force", "--volumes", name).catch(() => {});
    await rm(rig.folder, { recursive: true, force: true });
    await rig.close();
  });
  const boot = (...args: string[]): Promise<string> =>
    docker(
      "run",
      "--detach",
      "--name",
      name,
      "--volume",
      `${root}:${root}:ro`,
      "--volume",
      `${rig.folder}:${rig.folder}`,
      "--env",
      `APLOMO_HOME=${rig.home}`,
      ...args,
    );
  const inside = (...args: string[]): Promise<string> => docker("exec", "--workdir", rig.folder, name, ...args);
  const aplomo = (...args: string[]): Promise<string> => inside("node", cli, ...args, "--json");

  it("is its process 1, and runs again when the container is started again", async () => {
    await boot("--restart", "always", "aplomo-lab/node", "node", ...smallNode, cli, "agent", "run", "--json");
    await runs(() => aplomo("agent", "list"));
    await aplomo("agent", "add");
    const look = (): Promise<string | undefined> => inside("cat", `${rig.home}/agent/watch/incontainer/look.json`).catch(() => undefined);
    assert.ok(await poll(look, { limit: 60_000 }));
    await docker("restart", "--time", "20", name);
    await runs(() => aplomo("agent", "list"));
    // Told to stop, it ended by itself.
    assert.equal(await docker("inspect", "--format", "{{.State.Running}}", name), "true");
  });

  const full = process.env["APLOMO_TEST_FULL"] ? false : "only with script/test --full: an image with systemd has to be built";
  describe("with systemd", { skip: full }, () => {
    before(async () => {
      const building = spawn("docker", ["build", "--force-rm", "--tag", image, "-"], {
        env: { ...process.env, DOCKER_BUILDKIT: "0" },
        stdio: ["pipe", "ignore", "inherit"],
      });
      building.stdin.end("FROM aplomo-lab/node\nRUN apt-get update && apt-get install -y --no-install-recommends systemd systemd-sysv\n");
      assert.equal(await new Promise((resolve) => building.once("close", resolve)), 0);
    });
    after(() => docker("rmi", image).catch(() => {}));

    it("is installed as its service, runs again when it is killed, and ends by itself when it is told to", async () => {
      const rights = ["--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"];
      const places = ["--tmpfs", "/run", "--tmpfs", "/run/lock", "--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw"];
      await boot(...rights, ...places, "--entrypoint", "/lib/systemd/systemd", image);
      await poll(() => inside("systemctl", "list-timers").catch(() => undefined), { limit: 30_000, every: 200 });
      await aplomo("agent", "add");
      assert.match(await aplomo("setup", "--no-agent"), /left as it is/);
      assert.match(await aplomo("setup"), /kept running by systemd \(\/etc\/systemd\/system\/aplomo-agent.service\), put there now/);
      const first = await runs(() => aplomo("agent", "list"));
      assert.equal(await inside("systemctl", "is-enabled", "aplomo-agent.service"), "enabled");
      assert.equal(`process ${await inside("systemctl", "show", "-P", "MainPID", "aplomo-agent.service")}`, first);
      await inside("systemctl", "kill", "--kill-who=main", "--signal=SIGKILL", "aplomo-agent.service");
      const second = await poll(async () => ((await runs(() => aplomo("agent", "list"))) === first ? undefined : true), { limit: 60_000 });
      assert.ok(second);
      const memory = Number(await inside("systemctl", "show", "-P", "MemoryCurrent", "aplomo-agent.service").catch(() => "NaN"));
      if (Number.isFinite(memory)) console.log(`the service's control group: ${(memory / 1e6).toFixed(0)} MB`);
      // Again it is left as it is, and begun anew when the unit says something else.
      const third = await runs(() => aplomo("agent", "list"));
      assert.match(await aplomo("agent", "install", "--yes"), /"did":"as it was"/);
      assert.equal(await runs(() => aplomo("agent", "list")), third);
      await inside("sed", "-i", "s/^RestartSec=5/RestartSec=9/", "/etc/systemd/system/aplomo-agent.service");
      assert.match(await aplomo("agent", "install", "--yes"), /"by":"systemd".*"did":"put there now"/);
      assert.notEqual(await runs(() => aplomo("agent", "list")), third);
      await inside("systemctl", "stop", "aplomo-agent.service");
      assert.equal(await inside("systemctl", "show", "-P", "Result", "aplomo-agent.service"), "success");
      assert.match(await aplomo("agent", "list"), /"agent":null/);
      await aplomo("agent", "remove");
      assert.match(await aplomo("setup", "--remove"), /"agent":"systemd"/);
      await assert.rejects(inside("cat", "/etc/systemd/system/aplomo-agent.service"));
      assert.match(await inside("systemctl", "is-enabled", "aplomo-agent.service").catch(String), /No such file|not-found/);
    });
  });
});
