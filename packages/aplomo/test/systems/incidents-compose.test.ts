import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { stringify } from "yaml";
import { poll } from "../../src/base/time.ts";
import { freePort } from "../../src/targets/pm2/listening.ts";
import { answerOf, composeFixture, docker, textOf, type ComposeFixture, type ComposeOptions, type Loose } from "../support/compose.ts";
import { edgeProgram, startNginx } from "../support/edge-rigs.ts";
import { whyNoCompose } from "../support/lab.ts";
import { root } from "../support/root.ts";
import { incident, words } from "./incident.ts";
import { run, workplace, type Ended } from "./workplace.ts";

const skip = whyNoCompose("V2");
const cli = join(root, ".cache/js/packages/aplomo/src/cli/bin.js");
const db = { image: "aplomo-lab/postgres", environment: { POSTGRES_PASSWORD: "not-a-real-one" } };

/** An application that compose runs, with an aplomo.yml beside its compose file. */
interface Place extends ComposeFixture {
  aplomo(...args: string[]): Promise<Ended>;
  /** The next version of their files. */
  next(version: string, behaviour?: string, env?: Record<string, string>): Promise<void>;
}

async function place(t: TestContext, options: ComposeOptions = {}, settings: Loose = {}): Promise<Place> {
  const app = await composeFixture(options);
  t.after(() => app.close());
  const env = { ...process.env, APLOMO_HOME: app.home, NO_COLOR: "1" };
  const yml = {
    app: app.app,
    target: { kind: "compose" },
    health: { service: "web", port: 3000, path: "/", within: "20s", watch: "4s" },
    ...settings,
  };
  const self: Place = {
    ...app,
    aplomo: (...args) => run(process.execPath, [cli, ...args], app.folder, env),
    async next(version, behaviour, values) {
      await app.change({ version, ...(behaviour === undefined ? {} : { behaviour }), ...(values === undefined ? {} : { env: values }) });
      await writeFile(join(app.folder, "aplomo.yml"), stringify(yml));
    },
  };
  await self.next("1");
  return self;
}

async function expect(code: number, ended: Promise<Ended>): Promise<string> {
  const { code: found, output } = await ended;
  assert.equal(found, code, output);
  return output;
}

const restartsOf = async (app: ComposeFixture): Promise<string> => {
  const [id = ""] = await app.containers("web");
  return docker("inspect", "--format", "{{.RestartCount}} {{.State.ExitCode}}", id);
};

/** Started anew by the engine, with exit code 0 each time. */
async function loops(app: ComposeFixture): Promise<void> {
  assert.ok(
    await poll(async () => (/^[2-9] 0$/.test(await restartsOf(app)) ? true : undefined), { limit: 60_000, every: 200 }),
    await restartsOf(app),
  );
}

incident("I4", "a module that is imported runs process.exit(0)", skip, async (t) => {
  const app = await place(t);
  await expect(0, app.aplomo("deploy"));
  await app.next("2", "exits");
  const deploy = await expect(1, app.aplomo("deploy"));
  assert.equal(await answerOf(app.url), "1");

  await app.compose("up", "-d");
  await loops(app);
  assert.match(await app.compose("ps", "--all"), /web.*(?:Up|Restarting \(0\))/);
  const doctor = await app.aplomo("doctor");
  const files = await workplace(t, {
    "refresh.js": "export async function refresh() {}\nrefresh().then(() => process.exit(0));\n",
    "server.js": "import { refresh } from './refresh.js';\nrefresh().then(listen);\n",
  });
  const audit = await expect(1, files.aplomo("audit"));
  return {
    then: "`docker compose up -d`: exit code 0; the container begins anew for ever, with exit code 0, and `ps` says Up in between",
    caught: {
      deploy: words(deploy, /could not pass the stability.*/),
      doctor: words(doctor.output, /.*\[exit-zero-loop\]/),
      audit: words(audit, /error .*/),
    },
  };
});

incident("I5", "a build on the production server exhausts it", skip, async (t) => {
  const app = await place(t, { services: { api: { build: ".", image: "aplomo-test/built-here:latest", restart: "always" } } });
  t.after(() => docker("rmi", "-f", "aplomo-test/built-here:latest").catch(() => ""));
  await writeFile(join(app.folder, "Dockerfile"), 'FROM aplomo-lab/node\nRUN node -e "Buffer.alloc(64e6, 1)"\n');
  const plan = await expect(1, app.aplomo("plan"));
  await run("docker", ["compose", "-p", app.app, "build", "api"], app.folder, { ...process.env, DOCKER_BUILDKIT: "0" });
  assert.match(await docker("image", "ls", "-q", "aplomo-test/built-here"), /^[0-9a-f]+$/);
  return {
    then: "`docker compose up -d --build`: the engine that serves everybody builds, with all the memory there is",
    caught: { plan: words(plan, /.*builds nothing on a server.*/) },
  };
});

incident("I10", "docker compose restart after a pull keeps the old image", skip, async (t) => {
  const app = await place(t);
  await app.compose("up", "-d");
  assert.equal(await answerOf(app.url), "1");
  await app.next("2");
  await app.compose("restart", "web");
  assert.equal(await answerOf(app.url), "1");
  const doctor = await app.aplomo("doctor");
  const deploy = await expect(0, app.aplomo("deploy"));
  assert.equal(await answerOf(app.url), "2");
  return {
    then: "the new image is there, `docker compose restart web` ends with 0, and version 1 answers",
    caught: { doctor: words(doctor.output, /.*\[image-old\]/), deploy: words(deploy, /✓ (?:.*image.*)/) },
  };
});

incident("I11", "an insecure default is used because the variable was missing", skip, async (t) => {
  const secret = "${SECRET_KEY:-dev-secret}";
  const app = await place(
    t,
    { web: { environment: { SECRET_KEY: secret } } },
    { env: { file: "app.env", require: { SECRET_KEY: { secret: true } } } },
  );
  await app.compose("up", "-d");
  await answerOf(app.url);
  assert.equal(await textOf(`${app.url}/env/SECRET_KEY`), "dev-secret");
  const [check, audit] = [await expect(1, app.aplomo("check")), await expect(1, app.aplomo("audit"))];
  return {
    then: "`docker compose up -d`: exit code 0, and production signs its sessions with `dev-secret`",
    caught: { check: words(check, /.*SECRET_KEY: has a default.*/), audit: words(audit, /.*(?:default|fallback).*/) },
  };
});

incident("I15", "a version is pinned by a pattern that misses 0.1.10", skip, async (t) => {
  const files = await workplace(t, { "compose.yml": "services: { web: { image: registry.example/web:0.1.10 } }\n" });
  const pinned = await expect(
    0,
    files.sh("sed 's/:0\\.1\\.[0-9]/:0.1.4/' compose.yml; VERSION=0.1.4; sed 's/:0\\.1\\.[0-9]/:$VERSION/' compose.yml"),
  );
  assert.match(pinned, /web:0\.1\.40 [^]*web:\$VERSION0 /);

  const app = await place(t);
  await expect(0, app.aplomo("deploy"));
  await app.next("2");
  await expect(0, app.aplomo("deploy"));
  // Whatever the name means by now.
  await app.next("3");
  const rollback = await expect(0, app.aplomo("rollback"));
  assert.equal(await answerOf(app.url), "1");
  return {
    then: "`sed 's/:0\\.1\\.[0-9]/:0.1.4/'` makes `0.1.40` of `0.1.10`, and in single quotes `$VERSION` stays as it is; exit code 0 both times",
    caught: { rollback: words(rollback, /deployed: r1 is in front and proven/) },
  };
});

const nginx = process.env["APLOMO_LAB_NGINX"] ?? "";

incident("I16", "the proxy answers 502 after the switch", skip ?? (edgeProgram("nginx").skip || undefined), async (t) => {
  const front = await freePort();
  const home = await mkdtemp(join(tmpdir(), "aplomo-nginx-"));
  t.after(() => rm(home, { recursive: true, force: true }));
  const url = `http://127.0.0.1:${front}/`;
  const app = await place(t, {}, { health: { public: [url], within: "8s", watch: "1s" } });
  const proxy = await startNginx(home, nginx, front, { hub: { host: "127.0.0.1", port: app.port } });
  t.after(() => proxy.nginx.end());
  await expect(0, app.aplomo("deploy"));
  assert.equal(await answerOf(url), "1");
  // It listens, and nobody outside its container reaches it.
  app.options.web = { command: ["node", "-e", "require('http').createServer((q, s) => s.end('2')).listen(3000, '127.0.0.1')"] };
  await app.next("2");
  const deploy = await expect(1, app.aplomo("deploy"));
  assert.equal(await answerOf(url), "1");

  await app.compose("up", "-d");
  const status = async (): Promise<number> => (await fetch(url, { headers: { connection: "close" } })).status;
  assert.ok(await poll(async () => ((await status()) === 502 ? true : undefined), { limit: 20_000 }));
  return {
    then: "`docker compose up -d`: exit code 0, the container is Up, and nginx answers every user 502",
    caught: {
      deploy: words(deploy, /could not pass the .*gate.*502.*/),
      doctor: words((await app.aplomo("doctor")).output, /.*\[listens-localhost\]/),
    },
  };
});

incident("I18", ".env is not where compose looks: secrets are empty", skip, async (t) => {
  const app = await place(t, { web: { environment: { SECRET_KEY: "${SECRET_KEY}" } } });
  await mkdir(join(app.folder, "envs"));
  await writeFile(join(app.folder, "envs/.env"), `SECRET_KEY=${"q4".repeat(16)}\n`);
  await app.compose("up", "-d");
  await answerOf(app.url);
  assert.equal(await textOf(`${app.url}/env/SECRET_KEY`), "");
  const plan = await expect(1, app.aplomo("plan"));
  return {
    then: "`docker compose up -d`: exit code 0, one warning among its lines, and `SECRET_KEY` is empty inside",
    caught: { plan: words(plan, /.*SECRET_KEY.*not set anywhere.*/) },
  };
});

incident("I20", "a redeploy replaces the volume of the database", skip, async (t) => {
  const app = await place(t, { services: { db } }, { databases: { main: { engine: "postgres", service: "db", name: "postgres" } } });
  const psql = async (sql: string): Promise<string | undefined> => {
    const [id = ""] = await app.containers("db");
    return docker("exec", id, "psql", "-h", "127.0.0.1", "-U", "postgres", "-qtAc", sql).catch(() => undefined);
  };
  const ready = (): Promise<unknown> => poll(() => psql("SELECT 1"), { limit: 60_000, every: 200 });
  await app.compose("up", "-d", "db");
  await ready();
  await psql("CREATE TABLE loans AS SELECT generate_series(1, 54) AS id");
  assert.equal(await psql("SELECT count(*) FROM loans"), "54");
  const [plan, audit] = [await expect(1, app.aplomo("plan")), await expect(1, app.aplomo("audit"))];
  await app.compose("down");
  await app.compose("up", "-d", "db");
  await ready();
  assert.equal(await psql("SELECT count(*) FROM pg_tables WHERE tablename = 'loans'"), "0");
  return {
    then: "`docker compose down && docker compose up -d`: exit code 0, and of 54 loans not even the table is there",
    caught: { plan: words(plan, /.*would not survive.*/), audit: words(audit, /.*(?:volume|data of db).*/) },
  };
});

incident("I21", "a one-shot command is the service's main command", skip, async (t) => {
  const command = ["node", "-e", "console.log('migrated')", "migrate.js"];
  const app = await place(t, { web: { command, restart: "always" } });
  await app.compose("up", "-d");
  await loops(app);
  const [id = ""] = await app.containers("web");
  const thrice = async (): Promise<true | undefined> => /(migrated\s+){3}/.test(`${await docker("logs", id)}\n`) || undefined;
  assert.ok(await poll(thrice, { limit: 60_000, every: 500 }));
  const plan = await expect(1, app.aplomo("plan"));
  const doctor = await app.aplomo("doctor");
  return {
    then: "`docker compose up -d`: exit code 0, and the migration runs every few seconds, for ever",
    caught: { plan: words(plan, /.*one-shot.*/), doctor: words(doctor.output, /.*\[one-shot-command\]/) },
  };
});
