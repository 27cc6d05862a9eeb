import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { stringify } from "yaml";
import { whyNoHosts } from "../support/lab.ts";
import { buildProgram, makeLaptop, type Laptop } from "../support/laptop.ts";
import { putPackage } from "../support/packages.ts";
import { accountOnServer, type Place } from "../support/remote-place.ts";
import { root } from "../support/root.ts";
import { swarmRig, whyNoSwarm } from "../support/swarm.ts";
import { textOf } from "../support/text-of.ts";

/** What the compose target is seen to do over ssh in remote.test.ts: here, that the others find what they need on a server. */
describe("other targets on a server", { skip: whyNoHosts() ?? false }, () => {
  const account = `u${randomBytes(4).toString("hex")}`;
  let top: string;
  let place: Place;
  let program: string;
  before(async () => {
    top = await mkdtemp(join(tmpdir(), "aplomo-targets-"));
    [place, program] = await Promise.all([accountOnServer(account), buildProgram(top)]);
  });
  after(async () => {
    await place.asRoot(`pkill -KILL -u ${account}; true`);
    await place.close();
    await rm(top, { recursive: true, force: true });
  });

  const prepare = async (name: string, settings: object): Promise<Laptop> => {
    const laptop = await makeLaptop(top, name, place, program);
    await writeFile(laptop.file, stringify(settings));
    const { code, stdout } = await laptop.aplomo("setup");
    assert.ok(code === 0, stdout);
    return laptop;
  };
  const ends = async (laptop: Laptop, code: number, ...args: string[]): Promise<string> => {
    const ended = await laptop.aplomo(...args);
    assert.equal(ended.code, code, `aplomo ${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
    return ended.stdout;
  };
  const ssh = { host: "server", ssh_config: ".ssh/config" };

  it("a swarm: its service goes to a new image and back, and a version that crashes is taken back", async (t) => {
    const why = await whyNoSwarm();
    if (why !== undefined) return t.skip(why);
    const swarm = await swarmRig();
    t.after(() => swarm.close());
    await swarm.change({ version: "1" });
    const laptop = await prepare("swarm", {
      app: swarm.app,
      target: { kind: "swarm", service: swarm.app, image: swarm.image, replicas: 1, start_timeout: "60s", ...ssh },
      env: { file: "app.env" },
      health: { port: 3000, watch: "1s" },
    });
    await laptop.write("app.env", "BEHAVIOUR=good\nMARK=one\n");
    await ends(laptop, 0, "deploy");
    assert.deepEqual([await textOf(swarm.url), await textOf(`${swarm.url}/env/MARK`)], ["1", "one"]);
    await swarm.change({ version: "2" });
    await laptop.write("app.env", "BEHAVIOUR=crashes\nMARK=two\n");
    await ends(laptop, 1, "deploy");
    assert.deepEqual([await textOf(swarm.url), await textOf(`${swarm.url}/env/MARK`)], ["1", "one"]);
    await laptop.write("app.env", "BEHAVIOUR=good\nMARK=two\n");
    await ends(laptop, 0, "deploy");
    assert.deepEqual([await textOf(swarm.url), await textOf(`${swarm.url}/env/MARK`)], ["2", "two"]);
    await ends(laptop, 0, "rollback");
    assert.equal(await textOf(swarm.url), "1");
  });

  it("PM2 on a server without Node: setup brings Node, the application PM2", async () => {
    const port = 20_000 + (Number.parseInt(account.slice(1, 4), 16) % 9_000);
    const target = { kind: "pm2", script: "server.cjs", port, exclude: [".ssh", ".home", ".counts"], ...ssh };
    const laptop = await prepare("pm2", { app: account, target, env: { file: "app.env" }, health: { path: "/", watch: "1s" } });
    const ask = `exec 3<>/dev/tcp/127.0.0.1/${port}; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; tail -n 1 <&3`;
    const answering = (): Promise<string> => place.asRoot(`bash -c '${ask}'`).catch(() => "nothing");
    await copyFile(join(root, "packages/aplomo/test/fixtures/pm2-app/server.cjs"), join(laptop.folder, "server.cjs"));
    await laptop.write("app.env", "MARK=one\n");
    await laptop.write("version", "1\n");
    assert.equal(await place.asRoot("command -v node pm2 npm; true"), "", "there is none of its own");
    assert.match(await ends(laptop, 1, "deploy"), /PM2 is not installed/);
    await putPackage("pm2", laptop.folder);
    await ends(laptop, 0, "deploy");
    assert.equal(await answering(), "1");
    await laptop.write("version", "2\n");
    await laptop.write("app.env", "MARK=two\nBEHAVIOUR=answers-503\n");
    await ends(laptop, 1, "deploy");
    assert.equal(await answering(), "1");
    await laptop.write("app.env", "MARK=two\n");
    await ends(laptop, 0, "deploy");
    assert.equal(await answering(), "2");
    await ends(laptop, 0, "rollback");
    assert.equal(await answering(), "1");
  });
});
