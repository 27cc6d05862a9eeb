import assert from "node:assert/strict";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { poll } from "../../src/base/time.ts";
import { whyNoHosts } from "../support/lab.ts";
import type { Laptop } from "../support/laptop.ts";
import { remoteRig, type RemoteRig } from "../support/remote.ts";

/** A server without systemd and PM2, whose engine keeps programs running; each test leaves what the next begins with. */
describe("the agent that setup has kept running, over ssh", { skip: whyNoHosts() ?? false }, () => {
  let rig: RemoteRig;
  let laptop: Laptop;
  let container = "";
  before(async () => {
    rig = await remoteRig();
    container = `aplomo-agent-${rig.app}`;
    laptop = await rig.laptop("first");
    await rig.release(laptop, "1");
  });
  after(async () => {
    await rig.server(`docker rm -f ${container} 2>/dev/null; true`);
    await rig.close();
  });

  const done = async (...words: string[]): Promise<string> => {
    const { code, stdout } = await laptop.aplomo(...words);
    assert.equal(code, 0, stdout);
    return stdout;
  };
  const agent = async (): Promise<string | undefined> =>
    /"agent":"(process \d+)/.exec((await laptop.aplomo("agent", "list", "--json")).stdout)?.[1];

  it("leaves it alone when it is told to", async () => {
    assert.match(await done("setup", "--no-agent"), /✓ agent: left as it is/);
    assert.equal(await agent(), undefined);
  });

  it("puts it into a container, as the account, with the machine's processes; again it is as it was", async () => {
    assert.match(
      await done("setup"),
      new RegExp(`✓ agent: kept running by a container \\(${container}\\), put there now\n.*aplomo agent add`),
    );
    const first = await agent();
    // Its number inside is its number on the server: locks tell by it who is alive.
    const pid = await rig.server(`docker inspect -f '{{.State.Pid}}' ${container}`);
    assert.equal(first, `process ${pid}`);
    assert.equal(await rig.server(`stat -c %U /proc/${pid}`), rig.app);
    assert.match(await done("setup"), new RegExp(`✓ agent: kept running by a container \\(${container}\\), as it was`));
    assert.equal(await agent(), first);
  });

  it("looks after the application from in there, as from the server itself", async () => {
    await done("deploy");
    await done("agent", "add");
    const look = await poll(() => rig.server(`cat ${rig.home}/agent/watch/${rig.app}/look.json`).catch(() => undefined), { limit: 90_000 });
    const { units, signals } = JSON.parse(look ?? "{}") as { units: { name: string }[]; signals: { level: string }[] };
    assert.deepEqual([units.map(({ name }) => name), signals.filter(({ level }) => level === "error")], [[`${rig.app}-web-1`], []]);
  });

  it("is begun anew with the program that another command has brought", async () => {
    const before = await agent();
    await appendFile(join(laptop.folder, "../program/aplomo.js"), "// another version\n");
    assert.match(await done("status"), /it has the one of this machine now/);
    const after = await poll(async () => ((await agent()) === before ? undefined : agent()), { limit: 120_000, every: 1_000 });
    assert.ok(after, await rig.server(`docker logs --tail 20 ${container} 2>&1`));
    assert.match(await rig.server(`docker logs ${container} 2>&1`), /Aplomo was replaced/);
  });

  it("goes with the program", async () => {
    assert.match(await done("setup", "--remove"), /the agent was taken from a container\n.*Aplomo was taken away/);
    assert.equal(await rig.server(`docker ps -aq --filter name=${container}`), "");
    assert.equal(await rig.answering(), "1");
    assert.match((await laptop.aplomo("setup", "--remove")).stdout, /there is no Aplomo on server/);
  });
});
