import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { poll } from "../../src/base/time.ts";
import { whyNoHosts } from "../support/lab.ts";
import type { Ended } from "../support/laptop.ts";
import { servicesRig, type ServicesRig } from "../support/services-rig.ts";

const run = promisify(execFile);
const others = ["advisor", "backend", "web"] as const;

/** S5: four services, one server reached by ssh, a registry with a password; what happens every day is one command each (S5.6). */
describe("four services from a laptop", { skip: whyNoHosts() ?? false }, () => {
  let rig: ServicesRig;
  const printed: string[] = [];
  before(async () => {
    rig = await servicesRig();
    const { code, stdout } = await rig.aplomo("setup", "--no-agent");
    assert.equal(code, 0, stdout);
  });
  after(() => rig?.close());

  const must = async (code: number, ...args: string[]): Promise<Ended> => {
    const ended = await rig.aplomo(...args);
    printed.push(ended.stdout, ended.stderr);
    assert.equal(ended.code, code, `aplomo ${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
    return ended;
  };
  /** What the deployment's own document says of it. */
  const report = async (outcome: RegExp): Promise<void> => assert.match((await must(0, "report")).stdout, outcome);
  const skipped = (stdout: string): string[] =>
    [...stdout.matchAll(/"service":"(\w+)"[^{}]*"skipped":true/g)].map(([, name = ""]) => name).sort();

  it("builds, pushes, brings and deploys all of them with one command, while no list of processes shows a secret", async () => {
    let over = false;
    const lists: string[] = [];
    const deploying = must(0, "deploy", "--build").finally(() => (over = true));
    const list = async (): Promise<true | undefined> => {
      lists.push(await rig.server.asRoot("ps axww -o args"), (await run("ps", ["axww", "-o", "args"])).stdout);
      return over ? true : undefined;
    };
    await Promise.all([deploying, poll(list, { limit: 300_000, every: 300 })]);
    const units = await rig.units();
    assert.deepEqual(Object.keys(units).sort(), ["advisor", "backend", "db", "files", "web"]);
    assert.equal(await rig.server.asRoot(`docker exec ${rig.app}-backend-1 printenv SECRET_KEY`), rig.planted.key);
    const own = (
      await run("docker", ["image", "inspect", "--format", "{{.Id}}", `aplomo.built/${rig.app}/files:${await tag()}`])
    ).stdout.trim();
    assert.equal(units["files"]?.image, own, "it is the same image there as here");
    assert.ok(lists.some((text) => text.includes("--carry-out")));
    for (const secret of Object.values(rig.planted)) assert.ok(!lists.join("\n").includes(secret));
    await report(/deployed/);
  });

  const tag = async (): Promise<string> => {
    const tags = (await run("docker", ["image", "ls", "--format", "{{.Tag}}", `aplomo.built/${rig.app}/files`])).stdout.trim();
    return tags.split("\n")[0] ?? "";
  };

  it("code of one service: only that one is built, and of an image without a registry only the new layer travels", async () => {
    const former = await rig.units();
    await rig.laptop.traffic();
    await rig.change("files", "server.mjs", () => "setInterval(() => {}, 1_000);\nprocess.on('SIGTERM', () => process.exit(0));\n");
    const { stdout } = await must(0, "deploy", "--build", "--json");
    assert.deepEqual(skipped(stdout), [...others]);
    assert.match(stdout, /bringing [12] of \d+ layers to the server/);
    const bytes = await rig.laptop.traffic();
    console.log(`a deploy that brings one new layer over ssh: ${bytes} bytes`);
    assert.ok(bytes > 1_000 && bytes < 200_000, `${bytes} bytes`);
    const now = await rig.units();
    assert.notEqual(now["files"]?.image, former["files"]?.image);
    for (const name of others) assert.equal(now[name]?.image, former[name]?.image, name);
    assert.equal(now["db"]?.container, former["db"]?.container, "a database is never made anew");
    await report(/deployed/);
  });

  it("schema and data: rehearsed, migrated, proven", async () => {
    await rig.sql("INSERT INTO entries (text) SELECT 'x' FROM generate_series(1, 50)");
    await rig.change("backend", "Dockerfile", (text) => text.replace("ARG VERSION=1", "ARG VERSION=2"));
    const { stdout } = await must(0, "deploy", "--build", "--json");
    assert.deepEqual(skipped(stdout), ["advisor", "files", "web"]);
    assert.match(stdout, /rehears/);
    assert.equal(await rig.sql("SELECT count(c2) || '/' || count(*) FROM entries"), "0/50");
    await report(/deployed/);
  });

  it("environment alone: the same images with other values", async () => {
    const former = await rig.units();
    await rig.laptop.write("app.env", "ALLOWED_HOSTS=shop.example.com,www.example.com\n");
    await must(0, "deploy", "--env-only");
    const now = await rig.units();
    for (const name of ["files", ...others]) assert.equal(now[name]?.image, former[name]?.image, name);
    assert.equal(await rig.server.asRoot(`docker exec ${rig.app}-web-1 printenv ALLOWED_HOSTS`), "shop.example.com,www.example.com");
    await report(/deployed/);
  });

  it("rollback with its data", async () => {
    await must(0, "rollback", "r2", "--with-data", "--json");
    assert.equal(await rig.sql("SELECT count(*) FROM information_schema.columns WHERE table_name = 'entries' AND column_name = 'c2'"), "0");
    assert.equal(await rig.server.asRoot(`docker exec ${rig.app}-web-1 printenv ALLOWED_HOSTS`), "shop.example.com");
    await report(/rollback|deployed/);
  });

  it("data from the laptop: a partial dump is refused with both numbers (I8), a whole one becomes the data", async () => {
    const dump = async (name: string, rows: number): Promise<void> => {
      await rig.sql(`DELETE FROM entries; INSERT INTO entries (text) SELECT 'x' FROM generate_series(1, ${rows})`);
      await writeFile(join(rig.laptop.folder, name), await rig.server.asRoot(`docker exec ${rig.app}-db-1 pg_dump -U ledger ledger`));
    };
    await dump("torn.sql", 206);
    await dump("whole.sql", 7_320);
    await rig.sql("DELETE FROM entries WHERE id % 2 = 0");
    await rig.laptop.write("counts.txt", "entries = 7320\n");
    const unasked = await must(2, "data", "push", "whole.sql", "--to", "ledger", "--expect", "counts.txt");
    assert.match(unasked.stdout, /there is no terminal/);
    const refused = await must(1, "data", "push", "torn.sql", "--to", "ledger", "--expect", "entries=7320", "--yes");
    assert.match(refused.stdout, /entries: 7320 rows expected, 206 came/);
    assert.equal(await rig.sql("SELECT count(*) FROM entries"), "3660");
    await must(0, "data", "push", "whole.sql", "--to", "ledger", "--expect", "counts.txt", "--yes");
    assert.equal(await rig.sql("SELECT count(*) FROM entries"), "7320");
    assert.equal(await rig.server.asRoot(`find ${rig.server.apps} -name whole.sql`), "", "what was sent is gone");
  });

  it("leaves nothing secret in what was printed, in journals, events, logs, reports, shell histories, or files others can read", async () => {
    await must(0, "logs");
    await must(0, "history");
    for (const secret of Object.values(rig.planted)) {
      assert.ok(!printed.join("").includes(secret), "printed");
      const holding = await rig.server.asRoot(
        `grep -rlF ${secret} /home /root /tmp /var/log /var/tmp /etc /run --exclude-dir=docker --exclude-dir=containerd 2>/dev/null | xargs -r stat -c "%a %U %n"; true`,
      );
      for (const line of holding.split("\n").filter(Boolean)) assert.match(line, /^600 deploy \S+\/releases\/r\d+\/\S+$/, holding);
      const here = await run("grep", ["-rlF", secret, rig.laptop.folder]).catch(() => ({ stdout: "" }));
      assert.equal(here.stdout, "", "on the laptop");
    }
  });
});
