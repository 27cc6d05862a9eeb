import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { poll } from "../../src/base/time.ts";
import { whyNoHosts } from "../support/lab.ts";
import { waitFor, type Laptop } from "../support/laptop.ts";
import { remoteRig, type RemoteRig } from "../support/remote.ts";

const planted = "zebra-9931-planted";

/** One server, several laptops; each test leaves what the next begins with. */
describe("from a laptop to a server", { skip: whyNoHosts() ?? false }, () => {
  let rig: RemoteRig;
  let laptop: Laptop;
  before(async () => {
    rig = await remoteRig();
    laptop = await rig.laptop("first");
    await rig.release(laptop, "1");
  });
  after(() => rig.close());

  const watch = async (which: Laptop, time: string): Promise<void> => {
    const text = await readFile(which.file, "utf8");
    await writeFile(which.file, text.replace(/watch: \w+/, `watch: ${time}`));
  };
  const lockIsFree = async (): Promise<boolean> => {
    const owners = await rig.server(`cat ${rig.home}/apps/${rig.app}/lock/*`);
    return owners.includes('"released":true');
  };

  it("does nothing on a server that was never set up", async () => {
    const { code, stdout } = await laptop.aplomo("deploy");
    assert.deepEqual([code, /never set up.*\n.*aplomo setup/.test(stdout)], [2, true], stdout);
  });

  it("refuses a host key that is not known, with its fingerprint and the line to add, and one that changed", async () => {
    const known = join(laptop.folder, ".ssh/known_hosts");
    const right = await readFile(known, "utf8");
    await writeFile(known, "");
    const unknown = await laptop.aplomo("setup", "--json");
    assert.equal(unknown.code, 2, unknown.stdout);
    assert.match(unknown.stdout, /ED25519 SHA256:[\w+/]{43}/);
    const line = /known_hosts: ([^"]+)/.exec(unknown.stdout)?.[1] ?? "";
    assert.equal(await readFile(known, "utf8"), "", "nothing was taken silently");

    const other = right.replace(/AAAA\S+/g, "AAAAC3NzaC1lZDI1NTE5AAAAIJ8sVYyVSL5nGmYyEpMWcGTw4NeOiGKNnqkZwJcC6wUK");
    await writeFile(known, other);
    const changed = await laptop.aplomo("setup");
    assert.equal(changed.code, 2, changed.stdout);
    assert.match(changed.stdout, /another key than the one this machine remembers/);

    await writeFile(known, `${line}\n`);
    const { code, stdout } = await laptop.aplomo("setup", "--no-agent");
    assert.equal(code, 0, stdout);
    assert.match(stdout, /✓ Node: brought along, now/);
  });

  it("sets a server up again without putting anything there, and lets nobody else read it", async () => {
    const { code, stdout } = await laptop.aplomo("setup", "--no-agent", "--json");
    assert.equal(code, 0, stdout);
    const { data } = JSON.parse(stdout) as { data: { changed: boolean; checks: { check: string; state: string }[] } };
    assert.equal(data.changed, false);
    const names = data.checks.map(({ check }) => check);
    assert.deepEqual(names, ["Aplomo", "Node", "container engine", "docker compose", "disk", "memory", "clock", "agent"]);
    assert.equal(await rig.server(`stat -c %a ${rig.home} ${rig.home}/server`), "700\n700");
  });

  it("deploys as if it were here: events, exit codes, and nothing secret anywhere but in files of the application", async () => {
    await laptop.write("app.env", `COLOUR=red\nAPI_TOKEN=${planted}\n`);
    await rig.release(laptop, "1", { environment: { FROM_SHELL: "${FROM_SHELL}" } });
    const lists: string[] = [];
    const typed = laptop.begin(["deploy", "--json"], { FROM_SHELL: `shell-${planted}` });
    let over = false;
    void typed.ended.then(() => (over = true));
    await poll(async () => (lists.push(await rig.server("ps axww -o args")), over ? true : undefined), { limit: 120_000, every: 200 });
    const { code, stdout } = await typed.ended;
    assert.equal(code, 0, stdout);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; outcome?: string });
    assert.deepEqual([events[0]?.type, events.at(-1)?.outcome], ["deployment.planned", "deployed"]);
    assert.equal(await rig.answering(), "1");
    assert.equal(await rig.server(`docker exec ${rig.app}-web-1 printenv FROM_SHELL`), `shell-${planted}`);

    assert.ok(lists.some((list) => list.includes("--carry-out")));
    assert.ok(!lists.join("\n").includes(planted), "a list of processes");
    assert.ok(!stdout.includes(planted), "events");
    const holding = (await rig.server(`grep -rl ${planted} ${rig.home} /home/${rig.app}/.bash_history 2>/dev/null; true`)).split("\n");
    const modes = await rig.server(`stat -c "%a %n" ${holding.join(" ")}`);
    for (const line of modes.split("\n")) assert.match(line, /^600 \S+\/(work\/app\.env|releases\/r1\/\S+)$/, modes);
  });

  it("ends as the deployment there ends: 1 after a gate, 2 before anything is asked, 0 and 1 for what looks", async () => {
    await rig.release(laptop, "2", { environment: { BEHAVIOUR: "crashes" } });
    const failed = await laptop.aplomo("deploy");
    assert.equal(failed.code, 1, failed.stdout);
    assert.match(failed.stdout, /undone: r1 is in front as before/);
    assert.equal(await rig.answering(), "1");
    assert.equal((await laptop.aplomo("status")).code, 0);
    assert.equal((await laptop.aplomo("verify")).code, 0);
    assert.match((await laptop.aplomo("report")).stdout, /undone/);
    await laptop.write("app.env", "COLOUR='red\n");
    const wrong = await laptop.aplomo("deploy");
    assert.equal(wrong.code, 2);
    assert.match(wrong.stdout, /^app\.env:1:\d+: /m);
    await laptop.write("app.env", "COLOUR=red\n");
  });

  it("transfers less than 200 kB when the server has the images already", async () => {
    await rig.release(laptop, "2");
    assert.equal((await laptop.aplomo("deploy")).code, 0);
    await laptop.traffic();
    await laptop.write("app.env", "COLOUR=blue\n");
    const { code, stdout } = await laptop.aplomo("deploy");
    assert.equal(code, 0, stdout);
    const bytes = await laptop.traffic();
    console.log(`a deploy over ssh whose images are there: ${bytes} bytes`);
    assert.ok(bytes > 1_000 && bytes < 200_000, `${bytes} bytes`);
  });

  it("goes on when the connection is cut, shows what was missed, and ends as it ends", async () => {
    await watch(laptop, "6s");
    await rig.release(laptop, "1");
    const typed = laptop.begin(["deploy", "--json"]);
    await waitFor(typed, /"step.started","step":"prove.stability"/);
    await laptop.cut();
    const { code, stdout } = await typed.ended;
    assert.equal(code, 0, stdout);
    assert.match(stdout, /connection to server was lost; what runs there goes on/);
    const steps = [...stdout.matchAll(/"step.ended","step":"([^"]+)"/g)].map((match) => match[1]);
    assert.equal(new Set(steps).size, steps.length, "nothing is shown twice");
    assert.equal(steps.at(-1)?.split(".")[0], "keep");
    assert.equal(await rig.answering(), "1");
  });

  it("goes on when the laptop dies; another one attaches, and a third that deploys meanwhile is refused with its files", async () => {
    await rig.release(laptop, "2");
    const typed = laptop.begin(["deploy"]);
    await waitFor(typed, /watch the release|healthy/);
    typed.signal("SIGKILL");
    await typed.ended;

    const [second, third] = [await rig.laptop("second"), await rig.laptop("third")];
    const attached = second.begin(["attach"]);
    await rig.release(third, "3", { environment: { FROM: "third" } });
    const refused = await third.aplomo("deploy");
    assert.equal(refused.code, 4, refused.stdout);
    assert.match(refused.stdout, /holds it for deploy since/);
    assert.doesNotMatch(await rig.server(`cat ${rig.home}/apps/${rig.app}/work/compose.yml`), /third/);

    const { code, stdout } = await attached.ended;
    assert.equal(code, 0, stdout);
    assert.match(stdout, /deploy r\d+, now r\d+[^]*deployed: r\d+ is in front and proven/);
    assert.equal(await rig.answering(), "2");
  });

  it("undoes on SIGINT where nobody can be asked, and gives the lock back", async () => {
    await rig.release(laptop, "1");
    const typed = laptop.begin(["deploy"]);
    await waitFor(typed, /every unit and the public address/);
    await waitFor(typed, /✓ wait until every unit/);
    typed.signal("SIGINT");
    const { code, stdout } = await typed.ended;
    assert.equal(code, 130, stdout);
    assert.match(stdout, /undone: r\d+ is in front as before/);
    assert.equal(await rig.answering(), "2");
    assert.ok(await lockIsFree());
  });

  it("says so when the process on the server is killed, and the next command takes back what it began", async () => {
    const typed = laptop.begin(["deploy"]);
    await waitFor(typed, /✓ wait until every unit/);
    await rig.server("pkill -KILL -f -- [-]-carry-out.*/" + rig.app + "/runs/");
    const { code, stdout } = await typed.ended;
    assert.equal(code, 3, stdout);
    assert.match(stdout, /ended without a word.*\n.*aplomo recover/);
    const recovered = await laptop.aplomo("recover");
    assert.equal(recovered.code, 0, recovered.stdout);
    assert.match(recovered.stdout, /undone: r\d+ is in front as before/);
    assert.equal(await rig.answering(), "2");
    assert.ok(await lockIsFree());
  });

  it("mends another version of the program in one line, and takes away what it put there and nothing else", async () => {
    await rig.server(`cd ${rig.home}/server && mv aplomo-* aplomo-0.0.1-abcdefabcdef && ln -sfn aplomo-0.0.1-abcdefabcdef current`);
    const mended = await laptop.aplomo("status");
    assert.equal(mended.code, 0, mended.stdout);
    assert.match(mended.stdout, /^warning server had another Aplomo .*it has the one of this machine now$/m);
    const { code, stdout } = await laptop.aplomo("setup", "--remove");
    assert.equal(code, 0, stdout);
    assert.equal(await rig.server(`ls ${rig.home}`).then((names) => names.split("\n").includes("server")), false);
    assert.match(await rig.server(`ls ${rig.home}/apps/${rig.app}/releases`), /r1/);
    assert.equal(await rig.answering(), "2");
    assert.match((await laptop.aplomo("setup", "--remove")).stdout, /there is no Aplomo on server/);
  });
});
