import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { stringify } from "yaml";
import { poll } from "../../../src/base/time.ts";
import { appPaths } from "../../../src/deploy/paths.ts";
import { openJournal } from "../../../src/deploy/journal.ts";
import type { Finding } from "../../../src/doctor/diagnose.ts";
import { freePort } from "../../../src/targets/pm2/listening.ts";
import { composeFixture, docker, type ComposeFixture } from "../../support/compose.ts";
import { smallDisk } from "../../support/disk.ts";
import { whyNoCompose } from "../../support/lab.ts";
import { root } from "../../support/root.ts";
import { illData, illFiles, illServices, type Ill } from "./ill-services.ts";

const cli = join(root, ".cache/js/packages/aplomo/src/cli/bin.js");
const limit = 60_000;

/** One application in which nothing is right, looked at once: each cause is made to happen, and must be told of the right subject. */
describe("doctor, of a compose application that fails in every way", { skip: whyNoCompose("V2") ?? false }, () => {
  let app: ComposeFixture;
  let ill: Record<string, Ill>;
  let findings: Finding[] = [];
  let code = 0;
  let disk: Awaited<ReturnType<typeof smallDisk>>;
  const ports = { door: 0, closed: 0, tls: 0 };
  const taken = createServer();
  const untrusted = createHttps((_request, response) => response.end("hello"));

  const aplomo = (...args: string[]): Promise<{ code: number; stdout: string }> =>
    new Promise((resolve) => {
      const env = { ...process.env, APLOMO_HOME: app.home, NO_COLOR: "1" };
      execFile(process.execPath, [cli, ...args], { cwd: app.folder, env, maxBuffer: 1 << 26 }, (error, stdout) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout }),
      );
    });
  const psql = (sql: string): Promise<string> =>
    docker("exec", `${app.app}-db-1`, "psql", "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-qtAc", sql);

  async function makeIll(): Promise<void> {
    const files = join(app.folder, "files");
    await mkdir(files);
    for (const [name, { content, mode }] of Object.entries(illFiles)) {
      await writeFile(join(files, name), content);
      await chmod(join(files, name), mode);
    }
    await once(taken.listen(0, "127.0.0.1"), "listening");
    ill = illServices(files, (taken.address() as AddressInfo).port);
    const answers = "(q, s) => { s.statusCode = q.url === '/400' ? 400 : 502; s.end(q.url === '/400' ? 'Invalid HTTP_HOST header' : '') }";
    const beside: Record<string, Record<string, unknown>> = {
      db: {
        image: "aplomo-lab/postgres",
        environment: { POSTGRES_PASSWORD: "right" },
        healthcheck: { test: ["CMD", "pg_isready", "-h", "127.0.0.1", "-U", "postgres"], interval: "1s", retries: 60 },
      },
      door: {
        image: "aplomo-lab/node",
        command: ["node", "-e", `require('http').createServer(${answers}).listen(8000)`],
        ports: [`127.0.0.1:${ports.door}:8000`],
        networks: ["front"],
      },
    };
    const services = { ...beside, ...Object.fromEntries(Object.entries(ill).map(([name, { service }]) => [name, service])) };
    app.options.services = services;
    app.options.volumes = { owned: null };
  }

  async function writeSettings(): Promise<void> {
    const at = (port: number, path = "/"): string => `http://127.0.0.1:${port}${path}`;
    const settings = {
      app: app.app,
      target: { kind: "compose" },
      env: {
        file: "app.env",
        require: { SECRET_KEY: { secret: true, min_length: 32 }, MISSING_KEY: {}, ALLOWED_HOSTS: { list: "json" } },
        forbid: ["RUN_MV_STANDALONE"],
      },
      databases: {
        agenda: { engine: "postgres", service: "db", name: "postgres", invariants: { visits: { at_least: 50 } } },
        second: { engine: "postgres", service: "db", name: "second" },
      },
      health: {
        service: "web",
        port: 3000,
        public: [at(ports.door), at(ports.door, "/400"), at(ports.closed), "http://nobody.invalid/", `https://127.0.0.1:${ports.tls}/`],
      },
      backups: { max_age: "1ms", directory: disk?.folder ?? "backups", copy_to: [{ kind: "local", directory: "nowhere" }] },
    };
    await writeFile(join(app.folder, "aplomo.yml"), stringify(settings));
    // The fixture's compose file, with a network that only the one in front is in.
    const compose = await readFile(join(app.folder, "compose.yml"), "utf8");
    await writeFile(join(app.folder, "compose.yml"), `${compose}networks:\n  front: {}\n`);
  }

  before(async () => {
    app = await composeFixture();
    disk = await smallDisk(16);
    [ports.door, ports.closed] = [await freePort(), await freePort()];
    const pem = { key: join(app.folder, "key.pem"), cert: join(app.folder, "cert.pem") };
    const names = ["-subj", "/CN=127.0.0.1", "-keyout", pem.key, "-out", pem.cert];
    await new Promise((done) => execFile("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...names], done));
    untrusted.setSecureContext({ key: await readFile(pem.key), cert: await readFile(pem.cert) });
    await once(untrusted.listen(0, "127.0.0.1"), "listening");
    ports.tls = (untrusted.address() as AddressInfo).port;
    await makeIll();
    const env = { SECRET_KEY: "too-short", ALLOWED_HOSTS: "a.example,b.example", RUN_MV_STANDALONE: "1", COLOUR: "red" };
    await app.change({ version: "1", env });
    await writeSettings();

    await app.compose("up", "-d", "--wait", "db");
    await psql(illData);
    await psql("CREATE DATABASE second");
    await aplomo("backup", "run", "agenda");
    await psql("DELETE FROM visits WHERE id > 5; SELECT pg_advisory_lock(1)");
    // Held for as long as its session is there.
    const holder = spawn(
      "docker",
      ["exec", `${app.app}-db-1`, "psql", "-U", "postgres", "-c", "SELECT pg_advisory_lock(1), pg_sleep(120)"],
      { stdio: "ignore" },
    );
    await poll(async () => ((await psql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")) === "1" ? true : undefined), {
      limit,
    });
    await app.compose("create");
    await Promise.all((await app.containers()).map((id) => docker("start", id).catch(() => "")));
    // The files change, and nobody makes the containers anew.
    await app.change({ version: "2", env: { ...env, COLOUR: "blue" } });
    await writeSettings();
    await interruptDeployment();
    if (disk) await writeFile(join(disk.folder, "filler"), Buffer.alloc(64 << 20)).catch(() => {});
    await settled();
    const looked = await aplomo("doctor", "--json");
    holder.kill();
    code = looked.code;
    const result = looked.stdout.split("\n").find((line) => line.includes('"command":"doctor"'));
    assert.ok(result, looked.stdout.slice(-2_000));
    findings = (JSON.parse(result) as { data: { findings: Finding[] } }).data.findings;
  });
  after(async () => {
    taken.close();
    untrusted.close();
    await app.close();
    await disk?.close();
  });

  /** Somebody who deploys is killed with the lock in hand, on a machine whose clock is an hour ahead. */
  async function interruptDeployment(): Promise<void> {
    const paths = appPaths(app.home, app.app);
    const folder = join(paths.deployments, "d1");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const journal = await openJournal(folder, () => new Date(Date.now() + 3_600_000));
    journal.append({ type: "deployment.started", deployment: "d1", app: app.app, action: "deploy", release: "r1", previous: null });
    journal.append({ type: "step.started", step: "change.migrate", phase: "change", title: "migrate" });
    journal.close();
    const lock = join(root, ".cache/js/packages/aplomo/src/host/lock.js");
    const code = `import(${JSON.stringify(lock)}).then((all) => all.takeLock(${JSON.stringify(paths.lock)}, "deploy")).then(() => process.kill(process.pid, "SIGKILL"))`;
    await once(spawn(process.execPath, ["-e", code]), "exit");
  }

  /** Until each has failed as it does: those that loop have looped, those that wait have waited long enough to be judged. */
  async function settled(): Promise<void> {
    const format =
      '{{index .Config.Labels "com.docker.compose.service"}} {{.State.Status}} {{.RestartCount}} {{with .State.Health}}{{.Status}}{{end}} {{.State.OOMKilled}}';
    const done = await poll(
      async () => {
        const states = new Map(
          (await docker("inspect", "--format", format, ...(await app.containers()))).split("\n").map((line) => [line.split(" ")[0], line]),
        );
        const is = (name: string, pattern: RegExp): boolean => pattern.test(states.get(name) ?? "");
        const looped = ["zero", "oneshot", "killed", "loop", "memory"].every((name) => is(name, / [1-9]\d* /));
        const ended = ["heap", "crash", "password", "full", "locked", "schema", "disk", "dns", "refused"].every((name) =>
          is(name, / exited /),
        );
        return looped && is("memory", / true$/) && ended && ["notool", "ill"].every((name) => is(name, /unhealthy/)) ? true : undefined;
      },
      { limit, every: 500 },
    );
    assert.ok(done, "they fail as they should");
    const [waiting] = await app.containers("nowhere");
    await poll(
      async () => {
        const since = Date.parse(await docker("inspect", "--format", "{{.State.StartedAt}}", waiting ?? ""));
        return Date.now() - since > 11_000 ? true : undefined;
      },
      { limit },
    );
  }

  const rulesOf = (subject: string): string[] => findings.filter((one) => one.subject === subject).map(({ rule }) => rule);

  it("each service's cause is told, and no other cause of it", () => {
    const told = Object.fromEntries(Object.keys(ill).map((name) => [name, rulesOf(`${app.app}-${name}-1`)]));
    assert.deepEqual(told, Object.fromEntries(Object.entries(ill).map(([name, { rules }]) => [name, rules])));
  });

  it("a unit that runs an old image with an old environment, in no network of the one in front", () => {
    assert.deepEqual(rulesOf(`${app.app}-web-1`).toSorted(), ["edge-network", "environment-differs", "image-old"]);
    const differs = findings.find(({ rule }) => rule === "environment-differs");
    assert.deepEqual(differs?.evidence, ["another value inside: COLOUR"]);
  });

  it("the public addresses, each with the likely reason", () => {
    const told = (part: string): string[] => findings.filter(({ subject }) => subject.includes(part)).map(({ rule }) => rule);
    assert.deepEqual(told(`${ports.door}/400`), ["host-refused"]);
    assert.deepEqual(
      findings.filter(({ subject }) => subject === `http://127.0.0.1:${ports.door}/`).map(({ rule }) => rule),
      ["bad-gateway"],
    );
    assert.deepEqual(told(`:${ports.closed}/`), ["public-silent"]);
    assert.deepEqual(told("nobody.invalid"), ["name-unknown"]);
    assert.deepEqual(told(`:${ports.tls}/`), ["certificate"]);
  });

  it("the environment's contract", () => {
    assert.deepEqual(rulesOf("SECRET_KEY"), ["secret-short"]);
    assert.deepEqual(rulesOf("MISSING_KEY"), ["secret-missing"]);
    assert.deepEqual(rulesOf("ALLOWED_HOSTS"), ["list-format"]);
    assert.deepEqual(rulesOf("RUN_MV_STANDALONE"), ["variable-wrong"]);
  });

  it("the databases and their backups", () => {
    assert.deepEqual(rulesOf("database agenda").toSorted(), ["backup-old", "invariant-broken", "migration-half", "rows-missing"]);
    assert.deepEqual(rulesOf("database second"), ["backup-missing"]);
    assert.deepEqual(rulesOf(`${app.app}-db-1`), ["volume-anonymous"]);
    assert.deepEqual(rulesOf(join(app.folder, "nowhere")), ["copy-behind"]);
  });

  it("the machine and what Aplomo left", () => {
    assert.deepEqual(rulesOf("d1"), ["deployment-unfinished"]);
    assert.match(
      findings.find(({ subject }) => subject === "d1")?.evidence.join() ?? "",
      /at step change\.migrate,process \d+, deploy since .*, is dead/,
    );
    assert.deepEqual(rulesOf("clock"), ["clock"]);
    if (disk) assert.deepEqual(rulesOf(disk.folder), ["disk-full"]);
  });

  it("ends with 1, and no secret is in what it says", () => {
    assert.equal(code, 1);
    assert.doesNotMatch(JSON.stringify(findings), /too-short|postgres:right|a\.example/);
  });
});
