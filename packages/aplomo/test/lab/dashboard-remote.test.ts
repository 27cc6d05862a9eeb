import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { poll } from "../../src/base/time.ts";
import { whyNoHosts } from "../support/lab.ts";
import { waitFor, type Laptop } from "../support/laptop.ts";
import { remoteRig, type RemoteRig } from "../support/remote.ts";

/** The agent's pages of a server, on a laptop. */
describe("the dashboard over ssh", { skip: whyNoHosts() ?? false }, () => {
  let rig: RemoteRig;
  let laptop: Laptop;
  let agent = "";
  const asAccount = (script: string): Promise<string> => rig.server(`su - ${rig.app} -c '${script}'`);
  before(async () => {
    rig = await remoteRig();
    laptop = await rig.laptop("first");
    await rig.release(laptop, "1");
    for (const words of [["setup", "--no-agent"], ["deploy"]]) {
      const { code, stdout } = await laptop.aplomo(...words);
      assert.equal(code, 0, stdout);
    }
  });
  after(async () => {
    if (agent !== "") await rig.server(`kill ${agent} 2>/dev/null; true`);
    await rig.close();
  });

  const ports = async (): Promise<string> => rig.server("cat /proc/net/tcp /proc/net/tcp6 | awk '$4 == \"0A\" { print $2 }' | sort");

  it("says that no agent runs there", async () => {
    const { code, stdout } = await laptop.aplomo("dashboard");
    assert.equal(code, 2, stdout);
    assert.match(stdout, /none runs there.*\n.*aplomo agent install/);
  });

  it("shows its pages on the laptop's loopback, and opens no port on the server", async () => {
    const added = await laptop.aplomo("agent", "add");
    assert.equal(added.code, 0, added.stdout);
    const shown = await laptop.aplomo("agent", "install");
    // By the name that stays when another version is brought.
    assert.match(shown.stdout, /ExecStart=.*\/server\/current\/aplomo\.js" "agent" "run"/);
    agent = await asAccount(`nohup ${rig.home}/server/current/aplomo agent run --json >agent.log 2>&1 & echo $!`);
    const socket = await poll(() => rig.server(`stat -c %a ${rig.home}/agent/socket`).catch(() => undefined), { limit: 60_000 });
    assert.equal(socket, "600");
    assert.ok(
      await poll(async () => ((await rig.server(`cat ${rig.home}/agent/watch/*/look.json`).catch(() => "")) ? true : undefined), {
        limit: 60_000,
      }),
    );
    const before = await ports();

    const typed = laptop.begin(["dashboard", "--json"]);
    await waitFor(typed, /"url":"http/);
    const url = new URL(/"url":"([^"]+)"/.exec(typed.said())?.[1] ?? "");
    assert.equal(url.hostname, "127.0.0.1");
    assert.equal((await fetch(new URL("/", url))).status, 401);
    const cookie = `aplomo=${url.searchParams.get("token")}`;
    const page = await (await fetch(new URL(`/apps/${rig.app}`, url), { headers: { cookie } })).text();
    assert.match(page, new RegExp(`<h1>${rig.app}</h1>.*${rig.app}-web-1.*✓.*running`, "s"));
    assert.equal(await ports(), before, "a port was opened on the server");

    const asked = await fetch(new URL(`/apps/${rig.app}/act/doctor`, url), {
      method: "POST",
      redirect: "manual",
      headers: { cookie, origin: url.origin, "content-type": "application/x-www-form-urlencoded" },
    });
    assert.equal(asked.status, 303, await asked.text());
    assert.match(await rig.server(`cat ${rig.home}/agent/audit.jsonl`), /"who":"[^"@]+@[^"]+, by aplomo dashboard".*"act":"doctor"/);
    const found = async (): Promise<true | undefined> =>
      /causes? of trouble/.test(await (await fetch(new URL(`/apps/${rig.app}/doctor`, url), { headers: { cookie } })).text())
        ? true
        : undefined;
    assert.ok(await poll(found, { limit: 60_000, every: 500 }));

    await laptop.cut();
    const { code, stdout } = await typed.ended;
    assert.deepEqual([code, /the connection broke/.test(stdout)], [1, true], stdout);
  });
});
