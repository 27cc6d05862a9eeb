import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { stringify } from "yaml";
import { buildFixture, docker } from "../support/compose.ts";
import { whyNoHosts } from "../support/lab.ts";
import { buildProgram, makeLaptop, type Laptop } from "../support/laptop.ts";
import { ownServer, type OwnServer } from "../support/own-server.ts";
import { putPackage } from "../support/packages.ts";
import { root } from "../support/root.ts";
import { textOf } from "../support/text-of.ts";

/** What the compose target is seen to do over ssh in remote.test.ts: here, that the others find what they need on a server. */
describe("other targets on a server", { skip: whyNoHosts() ?? false }, () => {
  const app = `u${randomBytes(4).toString("hex")}`;
  let top: string;
  let server: OwnServer;
  let program: string;
  before(async () => {
    top = await mkdtemp(join(tmpdir(), "aplomo-targets-"));
    [server, program] = await Promise.all([ownServer(app, 256), buildProgram(top)]);
  });
  after(async () => {
    await server.close();
    await rm(top, { recursive: true, force: true });
  });

  const prepare = async (name: string, settings: object): Promise<Laptop> => {
    const laptop = await makeLaptop(top, name, server, program);
    await writeFile(laptop.file, stringify(settings));
    await laptop.write("app.env", "BEHAVIOUR=good\nMARK=one\n");
    const { code, stdout } = await laptop.aplomo("setup", "--no-agent");
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
    const image = `${process.env["APLOMO_LAB_REGISTRY"]}/aplomo-test/${app}:latest`;
    const push = async (version: string): Promise<void> => {
      await docker("tag", await buildFixture(version), image);
      await docker("push", "--quiet", image);
    };
    t.after(() => docker("rmi", image));
    const seen = async (): Promise<(string | undefined)[]> => {
      const url = `http://${server.address}:8080`;
      return [await textOf(url), await textOf(`${url}/env/MARK`)];
    };
    await push("1");
    await server.asRoot(`docker swarm init --advertise-addr ${server.address} >/dev/null`);
    await server.asRoot(
      `docker service create --detach --quiet --name ${app} --replicas 0 --publish mode=host,published=8080,target=3000 --stop-grace-period 3s ${image}`,
    );
    const laptop = await prepare("swarm", {
      app,
      target: { kind: "swarm", service: app, image, replicas: 1, start_timeout: "60s", ...ssh },
      env: { file: "app.env" },
      health: { port: 3000, watch: "1s" },
    });
    await ends(laptop, 0, "deploy");
    assert.deepEqual(await seen(), ["1", "one"]);
    await push("2");
    await laptop.write("app.env", "BEHAVIOUR=crashes\nMARK=two\n");
    await ends(laptop, 1, "deploy");
    assert.deepEqual(await seen(), ["1", "one"]);
    await laptop.write("app.env", "BEHAVIOUR=good\nMARK=two\n");
    await ends(laptop, 0, "deploy");
    assert.deepEqual(await seen(), ["2", "two"]);
    await ends(laptop, 0, "rollback");
    assert.deepEqual(await seen(), ["1", "one"]);
  });

  it("PM2 on a server without Node: setup brings Node, the application PM2", async () => {
    const target = { kind: "pm2", script: "server.cjs", port: 3000, exclude: [".ssh", ".home", ".counts"], ...ssh };
    const laptop = await prepare("pm2", { app: `${app}p`, target, env: { file: "app.env" }, health: { path: "/", watch: "1s" } });
    const answering = (): Promise<string | undefined> => textOf(`http://${server.address}:3000`);
    await copyFile(join(root, "packages/aplomo/test/fixtures/pm2-app/server.cjs"), join(laptop.folder, "server.cjs"));
    await laptop.write("version", "1\n");
    assert.equal(await server.asRoot("command -v node pm2 npm; true"), "", "there is none of its own");
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
