import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { poll } from "../../src/base/time.ts";
import { edgeProgram } from "../support/edge-rigs.ts";
import { haveMariadb } from "../support/mariadb.ts";
import { need } from "../support/need.ts";
import { removeBesides, swarmGround, type SwarmGround } from "../support/swarm-ground.ts";
import { onEngine, onManager, whyNoSwarm } from "../support/swarm.ts";
import { mariadbHost, type MariadbHost } from "./mariadb-host.ts";
import { place, type Place, type Typed } from "./place.ts";
import { also, said } from "./told.ts";

const skip = (await whyNoSwarm()) ?? (edgeProgram("caddy").skip || need(haveMariadb(), "no MariaDB client programs") || false);
const service = "crm_imagine-crm";
const registry = process.env["APLOMO_LAB_REGISTRY"] ?? "";
const engine = process.env["DOCKER_HOST"] ?? "";

describe("imagine-crm", { skip }, () => {
  let here: Place;
  let ground: SwarmGround;
  let database: MariadbHost;
  let typed: Typed[] = [];
  const opening = new AbortController();
  const printed = (line: string): string => typed.find((one) => one.line.startsWith(line))?.output ?? assert.fail(`${line} was not typed`);
  const sql = (text: string): Promise<string> => database.sql(text);
  const count = async (table: string): Promise<number> => Number(await sql(`SELECT count(*) FROM ${table}`));
  const ask = (path: string, options: RequestInit = {}): Promise<Response> => fetch(new URL(path, ground.url), options);
  /** The container of the one task that serves. */
  const task = async (): Promise<string> => {
    const label = "label=com.docker.swarm.service.name";
    const names = (await onManager("service", "ls", "--format", "{{.Name}}", "--filter", `name=${service}`)).split("\n");
    for (const name of names) {
      const id = await onManager("ps", "--quiet", "--filter", `${label}=${name}`, "--filter", "status=running");
      if (id !== "") return id;
    }
    return assert.fail("no task runs");
  };
  const inside = async (...args: string[]): Promise<string> => onManager("exec", await task(), ...args);

  /** The image of the first version with other files, pushed as a version of its own, and asked for from now on. */
  const nextVersion = async (version: string, lines: readonly string[]): Promise<void> => {
    const context = join(here.folder, `../crm-${version}`);
    await mkdir(context);
    await writeFile(
      join(context, "Dockerfile"),
      [`FROM ${registry}/imagine-crm:1.0.0`, "USER 0:0", ...lines, "USER 1001:1001", ""].join("\n"),
    );
    await onEngine("build", "--quiet", "--tag", `${registry}/imagine-crm:${version}`, context);
    await onEngine("push", "--quiet", `${registry}/imagine-crm:${version}`);
    const env = (await readFile(join(here.folder, ".env"), "utf8")).replace(/^CRM_VERSION=.*\n/m, "");
    await writeFile(join(here.folder, ".env"), `${env}CRM_VERSION=${version}\n`);
  };

  before(async () => {
    database = await mariadbHost("aplomo-crm-db", "imagine-crm", "crm", "a-planted_password-8e1b");
    ground = await swarmGround();
    here = await place(
      "imagine-crm",
      [
        [/^docker build/, `docker -H ${engine} build --build-arg BASE=aplomo-lab/node:latest`],
        [/^docker push/, `docker -H ${engine} push`],
        // Made already, for the edge's own image comes from a folder in it; and on one node, where the test can look inside.
        [/^docker network create .*/, `docker network inspect ${ground.network}`],
        ["--network crm", `--network ${ground.network} --constraint node.hostname==s1`],
        ["registry.imagine.example", registry],
        ["db.imagine.example", database.address],
        [/^edge: .*$/m, `edge: ${JSON.stringify(ground.edge)}`],
        ["https://crm.imagine.example/", ground.url],
        ["watch: 60s", "watch: 6s"],
      ],
      {
        APLOMO_HOME: join(ground.folder, "home"),
        DOCKER_HOST: process.env["APLOMO_LAB_SWARM_DOCKER_HOST"],
        // In the manager's network, as where it is used: it asks a rehearsed release at its own address.
        APLOMO_TEST_WITHIN: `nsenter --target ${await onEngine("inspect", "--format", "{{.State.Pid}}", "s1")} --net --`,
        DOCKER_BUILDKIT: "0",
        CRM_DATABASE_PASSWORD: "a-planted_password-8e1b",
      },
    );
    // For the command this machine stands for the manager: requests at its loopback reach the edge once that has the port.
    const edge = async (): Promise<true | undefined> =>
      (await onManager("ps", "--quiet", "--filter", `network=${ground.network}`, "--filter", "label=aplomo.edge")) === ""
        ? undefined
        : true;
    const opened = poll(edge, { limit: 900_000, every: 300, signal: opening.signal }).then((is) => is && ground.open());
    opened.catch(() => {});
    typed = await here.follow();
  });
  after(async () => {
    opening.abort();
    await removeBesides(service).catch(() => {});
    await onManager("service", "rm", service).catch(() => "");
    const left = async (): Promise<true | undefined> =>
      (await onManager("ps", "--quiet", "--filter", `network=${ground.network}`, "--filter", "label=com.docker.swarm.task.id")) === ""
        ? true
        : undefined;
    if (ground) {
      await poll(left, { limit: 60_000, every: 500 });
      await ground.close();
    }
    await database?.close();
    await here?.close();
  });

  it("README: the newcomer's path of imagine-crm ends with a proven backup", (t) => {
    assert.match(printed("aplomo backup run"), /proven by a restore/);
    said(t, printed("aplomo deploy"), /deployed: r1 is in front and proven/);
  });

  it("S1.1: migration, then the first tenant and its administrator, then the server, which is the main process", async (t) => {
    const order = [/change\.migrate \|/, /change\.derive\.deals by stage \|/, /change\.seed \|/, /switch\.\w+ \|/];
    const report = await here.expect(0, "aplomo report");
    const places = order.map((step) => report.search(step));
    assert.ok(
      places.every((at, index) => at > (places[index - 1] ?? 0)),
      `${places.join(" ")}\n${report}`,
    );
    assert.deepEqual([await sql("SELECT name FROM tenants"), await sql("SELECT email FROM users")], ["Imagine", "admin@imagine.example"]);
    assert.match(await inside("sh", "-c", "tr '\\0' ' ' </proc/1/cmdline"), /^node server\.js/);
    const again = await inside("node", "bootstrap.js", "--samples");
    assert.match(again, /tenant Imagine is already there\nbootstrap: administrator admin@imagine\.example is already there/);
    assert.deepEqual([await count("tenants"), await count("contacts"), await count("deals")], [2, 3_000, 4_800]);
    await inside("node", "summaries.js");
    said(t, printed("aplomo deploy"), /✓ seed: node bootstrap\.js/);
  });

  it("S1.4: a mock database is impossible in production, and importing it has no effect", async (t) => {
    const file = join(here.folder, "testing/mock-database.js");
    const run = (after: string): Promise<Typed> =>
      here.type(`NODE_ENV=production node --input-type=module -e 'const { mockPool } = await import("${file}"); ${after}'`);
    assert.deepEqual([(await run("")).code, (await run("")).output], [0, ""]);
    const made = await run("mockPool();");
    assert.notEqual(made.code, 0);
    assert.match(made.output, /the mock database/);
    await mkdir(join(here.folder, "../theirs"));
    await writeFile(join(here.folder, "../theirs/package.json"), '{ "type": "module", "dependencies": { "express": "5", "mysql2": "3" } }');
    await writeFile(
      join(here.folder, "../theirs/server.js"),
      'import { createPool } from "mysql2/promise";\nimport { MockDatabase } from "./mock-database.js";\nexport const db = process.env.DATABASE_URL ? createPool(process.env.DATABASE_URL) : new MockDatabase();\n',
    );
    await writeFile(join(here.folder, "../theirs/mock-database.js"), "export class MockDatabase {}\n");
    said(t, await here.expect(1, "aplomo audit ../theirs"), /error .*made-up.*|error .*[Mm]ock.*/);
    also(t, "runtime/test/unit/refuse.test.ts");
  });

  it("S1.5: each critical variable is held to what it must be, and one must not be there", async (t) => {
    const wrong: [string, RegExp][] = [
      ["s/^NODE_ENV=.*/NODE_ENV=development/", /NODE_ENV/],
      ["s/^PORT=.*/PORT=8080/", /PORT/],
      ["s#^DATABASE_URL=.*#DATABASE_URL=postgres://crm:x@db/crm#", /DATABASE_URL/],
      ["s/^SESSION_SECRET=.*/SESSION_SECRET=/", /SESSION_SECRET/],
      ["s/^DATA_ENCRYPTION_KEY=.*/DATA_ENCRYPTION_KEY=short7Kp2xQ9vLw4/", /DATA_ENCRYPTION_KEY.*/],
      ["s/^RUN_MIGRATIONS=.*/RUN_MIGRATIONS=1/", /RUN_MIGRATIONS/],
      ["$ a RUN_MV_STANDALONE=1", /RUN_MV_STANDALONE/],
    ];
    for (const [change, names] of wrong) {
      const typedWrong = await here.type(`cp .env kept.env; sed -i '${change}' .env; aplomo check; code=$?; mv kept.env .env; exit $code`);
      assert.notEqual(typedWrong.code, 0, `${change}\n${typedWrong.output}`);
      assert.match(typedWrong.output, names);
      if (change.includes("DATA_ENCRYPTION_KEY")) said(t, typedWrong.output, names);
      assert.doesNotMatch(typedWrong.output, /short7Kp2xQ9vLw4/);
    }
    await here.expect(0, "aplomo check");
  });

  it("S1.7: one of one and stable, healthy in public, its log clean, and the application works", async (t) => {
    const before = await task();
    assert.match(await here.expect(0, "aplomo status"), /running/);
    assert.equal((await ask("/readyz")).status, 200);
    const password = /^ADMIN_PASSWORD=(.+)$/m.exec(await readFile(join(here.folder, ".env"), "utf8"))?.[1] ?? assert.fail();
    const headers = { "content-type": "application/json" };
    const logIn = async (email: string): Promise<{ cookie: string } & typeof headers> => {
      const answer = await ask("/login", { method: "POST", headers, body: JSON.stringify({ email, password }) });
      assert.equal(answer.status, 200);
      return { ...headers, cookie: answer.headers.get("set-cookie")?.split(";")[0] ?? "" };
    };
    const admin = await logIn("admin@imagine.example");
    const dashboard = (await (await ask("/dashboard", { headers: admin })).json()) as {
      stages: { stage: string; deals: number }[];
      months: object[];
    };
    assert.deepEqual([dashboard.stages.reduce((sum, { deals }) => sum + deals, 0), dashboard.months.length > 5], [2_400, true]);
    const body = JSON.stringify({ name: "Rosa Luna", phone: "55 1234 5678", note: "llamar el lunes" });
    const { id } = (await (await ask("/contacts", { method: "POST", headers: admin, body })).json()) as { id: number };
    assert.equal(((await (await ask(`/contacts/${id}`, { headers: admin })).json()) as { note: string }).note, "llamar el lunes");
    assert.doesNotMatch(await sql(`SELECT note FROM contacts WHERE id = ${id}`), /lunes/);
    // Another tenant does not see it.
    assert.equal((await ask(`/contacts/${id}`, { headers: await logIn("admin@norte.example") })).status, 404);
    // What they had: it starts, is ready, and ends by itself with exit code 0, again and again.
    await nextVersion("1.1.0", ['RUN echo "setTimeout(() => process.exit(0), 2500);" >> server.js']);
    const looping = await here.expect(1, "aplomo deploy");
    // Sooner or later: it may have answered the rehearsal before it ends.
    said(t, looping, /(?:undone: r1 is in front as before|refused: nothing was touched, r1 is in front) \([\w.]+ failed\)/);
    assert.match(looping, /exit code 0|ended|restart/i);
    assert.equal((await ask("/login")).status, 200);
    await delay(500);
    assert.notEqual(before, "");
    also(t, "aplomo/test/lab/swarm-failures.test.ts");
  });

  it("S1.3: a summary that fails on one legacy row is named, the others are refreshed, and a deploy says which it was", async (t) => {
    await sql(
      "ALTER TABLE deals MODIFY stage varchar(20) NULL; UPDATE deals SET stage = NULL WHERE id = 7; DELETE FROM summary_revenue_by_month",
    );
    const stages = await count("summary_deals_by_stage");
    const all = await here.type(`docker exec ${await task()} node summaries.js`);
    assert.equal(all.code, 1);
    assert.match(all.output, /summaries: deals_by_stage failed and is as it was: .*stage.*/);
    assert.match(all.output, /summaries: revenue_by_month refreshed, \d\d rows/);
    assert.equal(await count("summary_deals_by_stage"), stages);
    await nextVersion("1.2.0", ["RUN sed -i 's/1\\.0\\.0/1.2.0/' package.json"]);
    const failed = await here.expect(1, "aplomo deploy");
    said(t, failed, /could not pass the derive\.deals by stage gate with node summaries\.js deals_by_stage: .*/);
    assert.match(failed, /refused: nothing was touched, r1 is in front/);
    await sql("UPDATE deals SET stage = 'nuevo' WHERE stage IS NULL; ALTER TABLE deals MODIFY stage varchar(20) NOT NULL");
  });

  it("S1.2: a column that the code expects and production lacks is named before traffic, and the patch for older installations brings it", async (t) => {
    await sql("ALTER TABLE deals DROP COLUMN owner_id; DELETE FROM migrations WHERE name LIKE '003%'");
    await nextVersion("1.3.0", ["RUN rm migrations/003*", "RUN sed -i 's/1\\.0\\.0/1.3.0/' package.json"]);
    const stopped = await here.expect(1, "aplomo deploy");
    assert.match(stopped, /the database lacks deals\.owner_id/);
    said(t, stopped, /refused: nothing was touched, r1 is in front \(rehearse\.release failed\)/);
    assert.match(await (await ask("/login")).text(), /1\.0\.0/);
    await nextVersion("1.4.0", ["RUN sed -i 's/1\\.0\\.0/1.4.0/' package.json"]);
    await here.expect(0, "aplomo deploy");
    assert.match(await (await ask("/login")).text(), /1\.4\.0/);
    assert.equal(await sql("SELECT count(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'crm' AND COLUMN_NAME = 'owner_id'"), "1");
    also(t, "aplomo/test/lab/deploy/compose-rehearsal.test.ts");
  });

  it("S1.8: migrations are off at run time; a job runs them, is verified, and only then the release takes the traffic", async (t) => {
    assert.equal(await inside("printenv", "RUN_MIGRATIONS"), "0");
    assert.doesNotMatch(await onManager("logs", await task()), /migrate:/);
    const report = await here.expect(0, "aplomo report");
    const places = [
      /protect\.backup\.crm \|/,
      /change\.migrate \|/,
      /change\.invariants \|/,
      /switch\.point \|/,
      /prove\.stability \|/,
    ].map((step) => report.search(step));
    assert.ok(
      places.every((at, index) => at > (places[index - 1] ?? 0)),
      `${places.join(" ")}\n${report}`,
    );
    assert.deepEqual([await count("contacts"), await count("deals")], [3_001, 4_800]);
    said(t, report, /\| outcome \| \*\*deployed\*\* \|/);
  });

  it("S1.6: while a release is being stabilised, progressive replacement is off, and the plan says so", async (t) => {
    const text = await readFile(join(here.folder, "aplomo.yml"), "utf8");
    const kept = text.replace(/^edge: .*\n/m, "").replace("replicas: 1", "replicas: 1\n  stabilise: 30m");
    await writeFile(join(here.folder, "stabilise.yml"), kept.replace(/public: .*/, "public: []"));
    said(t, (await here.type("aplomo plan -c stabilise.yml")).output, /progressive replacement is off until what runs has been stable/);
    also(t, "aplomo/test/lab/swarm-contract.test.ts");
  });
});
