// What aplomo-boot does before a server, on a real PostgreSQL, each step as a user meets it.
import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { need } from "../../../aplomo/test/support/need.ts";
import { binaries, type Cluster, startPostgres } from "../../../aplomo/test/support/postgres.ts";
import { type Folder, makeFolder } from "../support/launcher.ts";
import { freePort, type Program, until } from "../support/server.ts";

const server = ["--", "node", "server.js"];
const shell = (script: string): string[] => ["sh", "-c", script];
let cluster: Cluster;
let url = "";
const psql = (sql: string): string[] => [
  join(cluster.bin, "psql"),
  "-X",
  "-q",
  "-h",
  cluster.socket,
  "-U",
  "postgres",
  "-d",
  "app",
  "-c",
  sql,
];

async function folderWith(t: TestContext, config: object): Promise<Folder> {
  const folder = await makeFolder(t.after.bind(t));
  await folder.write("aplomo.boot.json", config);
  await folder.write("server.js", `console.log("serving", process.env.SESSION_SECRET ?? "");`);
  return folder;
}

/** Boots to the end; the server ends by itself. */
async function boot(
  t: TestContext,
  config: object,
  env: NodeJS.ProcessEnv = {},
  args: string[] = server,
): Promise<Program & { ending: string; text: string }> {
  const program = (await folderWith(t, config)).boot(args, { DATABASE_URL: url, ...env });
  const ending = await program.ended;
  return { ...program, ending, text: program.said() };
}

describe("boot", { skip: need(binaries !== undefined, "no PostgreSQL server binaries") }, () => {
  before(async () => {
    cluster = await startPostgres();
    url = cluster.url("app");
  });
  after(() => cluster?.stop());
  const fresh = {
    before: async (): Promise<void> =>
      void (await cluster.sql("postgres", "DROP DATABASE IF EXISTS app WITH (FORCE)"),
      await cluster.sql("postgres", "CREATE DATABASE app")),
  };

  test("with nothing to do it becomes the server", async (t) => {
    await fresh.before();
    const { ending, text } = await boot(t, {});
    assert.equal(ending, "exit 0");
    assert.match(text, /environment: complete[^]*database: DATABASE_URL answered[^]*serving/);
  });

  test("wrong, missing and short variables, files and programs are named all at once, and nothing is touched", async (t) => {
    const { ending, text } = await boot(
      t,
      {
        env: {
          require: { SESSION_SECRET: { secret: true, min_length: 32 }, ALLOWED_HOSTS: { list: "csv" }, PORT: { type: "port" } },
          forbid: ["RUN_MV_STANDALONE"],
        },
        files: ["prisma/schema.prisma"],
        migrate: { run: ["no-such-tool", "up"] },
        seed: { run: ["node", "seed.js"], idempotent: true },
      },
      { SESSION_SECRET: "too-short", RUN_MV_STANDALONE: "1", PORT: "eighty", NODE_ENV: "production", USE_MOCK_DB: "1" },
    );
    assert.equal(ending, "exit 2");
    for (const part of [
      "SESSION_SECRET must be at least 32 characters, it has 9",
      "ALLOWED_HOSTS is missing",
      "PORT must be a port",
      "RUN_MV_STANDALONE is set",
      "USE_MOCK_DB asks for a mock database",
      "prisma/schema.prisma is not there",
      "the program no-such-tool is not there",
    ]) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
    assert.ok(!text.includes("too-short") && !text.includes("serving"));
  });

  test("a failed migration stops the start, at once and with a hint", async (t) => {
    const run = shell("echo 'Error: P3009 migrate found failed migrations; ECONNREFUSED is mentioned too'; exit 1");
    const { ending, text } = await boot(t, { migrate: { run } });
    assert.equal(ending, "exit 1");
    assert.match(
      text,
      /the migration failed \(exit 1\); the server is not started on an old schema; repair what it left, then `prisma migrate resolve/,
    );
    assert.equal(text.match(/P3009 migrate found/g)?.length, 1, "tried once");
    assert.ok(!text.includes("serving"));
  });

  test("a migration that could not connect is tried again", async (t) => {
    const run = shell("[ -e once ] || { touch once; echo 'P1001: Can not reach database server'; exit 1; }; echo migrated");
    const { ending, text } = await boot(t, { migrate: { run } });
    assert.equal(ending, "exit 0");
    assert.match(text, /could not reach the database; trying again \(attempt=2 of 5, after=1 s\)[^]*migrated[^]*serving/);
  });

  test("a migration over its time is ended, with everything it started", async (t) => {
    const { ending, text } = await boot(t, { migrate: { run: shell("sleep 100 & sleep 100"), time_limit: "300ms" } });
    assert.equal(ending, "exit 1");
    assert.match(text, /the migration failed \(its time of 0.3 s is over\)/);
  });

  test("it waits for a database that starts later, and gives up in the end", async (t) => {
    const port = await freePort();
    const late = boot(t, { database: { wait: "30s" } }, { DATABASE_URL: `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=disable` });
    const other = await startPostgres({ listen_addresses: "127.0.0.1", port: String(port) });
    t.after(() => other.stop());
    assert.equal((await late).ending, "exit 0");
    const never = await boot(
      t,
      { database: { wait: "1s" } },
      { DATABASE_URL: `postgres://u:hidden-word@127.0.0.1:${await freePort()}/app` },
    );
    assert.equal(never.ending, "exit 1");
    assert.match(never.text, /DATABASE_URL \(127.0.0.1:\d+\) did not answer within 1 s: .*ECONNREFUSED/);
    assert.ok(!never.text.includes("hidden-word"));
  });

  test("a wrong database is no reason to wait", async (t) => {
    const { ending, text } = await boot(t, {}, { DATABASE_URL: cluster.url("nosuch") });
    assert.equal(ending, "exit 1");
    assert.match(text, /refused: database "nosuch" does not exist/);
  });

  test("RUN_MIGRATIONS=0 leaves migration and derived data to the job that does it: aplomo-boot migrate", async (t) => {
    const config = {
      migrate: { run: ["echo", "migrating"] },
      derive: [{ name: "monthly", run: ["echo", "deriving"] }],
      seed: { run: ["echo", "seeding"], idempotent: true },
    };
    const web = await boot(t, config, { RUN_MIGRATIONS: "0" });
    assert.equal(web.ending, "exit 0");
    assert.ok(!/^(migrating|deriving)$/m.test(web.text) && /^seeding$/m.test(web.text), web.text);
    const job = await boot(t, config, { RUN_MIGRATIONS: "0" }, ["migrate"]);
    assert.equal(job.ending, "exit 0");
    assert.ok(/^migrating$/m.test(job.text) && /^deriving$/m.test(job.text) && !/^seeding$/m.test(job.text), job.text);
    assert.ok(!job.text.includes("serving"));
  });

  test("a derived step that fails is named; the others run, and the server starts", async (t) => {
    await fresh.before();
    const derive = [
      { name: "kpis", run: shell("echo 'null value in column total' >&2; exit 3") },
      { name: "monthly", run: ["echo", "fine"] },
    ];
    const { ending, text } = await boot(t, { derive });
    assert.equal(ending, "exit 0");
    assert.match(text, /derived data kpis: failed \(ending=exit 3, reason=null value in column total\)/);
    assert.match(text, /derived data: 1 of 2 refreshed; failed: kpis/);
  });

  test("the seed runs while its table is empty, and never again", async (t) => {
    await fresh.before();
    await cluster.sql("app", "CREATE TABLE users (email text, role text)");
    const config = { seed: { run: psql("INSERT INTO users VALUES ('a@b', 'user')"), empty: "users" } };
    assert.match((await boot(t, config)).text, /seed: done/);
    assert.match((await boot(t, config)).text, /seed: left out: users has rows/);
    assert.equal(await cluster.sql("app", "SELECT count(*) FROM users"), "1");
  });

  test("a seed that deletes is refused in production", async (t) => {
    const folder = await folderWith(t, { seed: { run: ["node", "seed.js"], idempotent: true } });
    await folder.write("seed.js", "await prisma.user.deleteMany(); console.log('gone')");
    const program = folder.boot(server, { DATABASE_URL: url, NODE_ENV: "production" });
    assert.equal(await program.ended, "exit 2");
    assert.match(program.said(), /seed: seed.js deletes rows/);
  });

  test("the administrator is created when absent; a made password is shown once, a weak one refused", async (t) => {
    await fresh.before();
    await cluster.sql("app", "CREATE TABLE users (email text, role text)");
    const add = `"$PSQL" -X -q -h "$HOST" -U postgres -d app -c "INSERT INTO users VALUES ('$ADMIN_PASSWORD', 'admin')"; echo "made with $ADMIN_PASSWORD"`;
    const config = { admin: { run: shell(add), find: "SELECT 1 FROM users WHERE role = 'admin'" } };
    const env = { PSQL: join(cluster.bin, "psql"), HOST: cluster.socket };
    const weak = await boot(t, config, { ...env, ADMIN_PASSWORD: "admin123" });
    assert.equal(weak.ending, "exit 1");
    assert.match(weak.text, /ADMIN_PASSWORD is too short or too well known/);
    const first = await boot(t, config, env);
    assert.equal(first.ending, "exit 0");
    const password = /shown this once: (\S+)/.exec(first.text)?.[1] ?? "";
    assert.equal(await cluster.sql("app", "SELECT email FROM users"), password);
    assert.equal(first.text.split(password).length, 2, "once, and not in what the command said");
    assert.match((await boot(t, config, env)).text, /administrator: already there/);
    assert.equal(await cluster.sql("app", "SELECT count(*) FROM users"), "1");
  });

  test("secrets come from files; what commands say of them does not come out", async (t) => {
    const folder = await folderWith(t, {
      env: { require: { SESSION_SECRET: { secret: true, min_length: 10 } } },
      migrate: { run: shell('echo "using $SESSION_SECRET"') },
    });
    await folder.write("secrets/session", "from a file\n");
    const env = {
      DATABASE_URL: url,
      APLOMO_SECRETS: join(folder.path, "secrets"),
      SESSION_SECRET_FILE: join(folder.path, "secrets/session"),
    };
    const program = folder.boot(server, env);
    assert.equal(await program.ended, "exit 0");
    assert.match(program.said(), /using \[secret\][^]*serving from a file/);
    const both = folder.boot(server, { ...env, SESSION_SECRET: "and here" });
    assert.equal(await both.ended, "exit 2");
    assert.match(both.said(), /SESSION_SECRET and SESSION_SECRET_FILE are both set/);
  });

  test("SIGTERM during a migration ends it and starts no server", async (t) => {
    const folder = await folderWith(t, {
      migrate: { run: shell("trap 'echo ended >> ended; exit 1' TERM; echo begun; sleep 100 & wait") },
    });
    const program = folder.boot(server, { DATABASE_URL: url });
    await until("the migration", () => program.said().includes("begun"), program.said);
    program.child.kill("SIGTERM");
    assert.equal(await program.ended, "exit 143");
    assert.equal(await readFile(join(folder.path, "ended"), "utf8"), "ended\n");
    assert.ok(!program.said().includes("serving"));
  });

  test("lines are JSON when asked for", async (t) => {
    const { text } = await boot(t, {}, { APLOMO_LOG: "json" });
    const lines = text.split("\n").filter((line) => line.startsWith("{"));
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { message: string }).message),
      ["environment: complete", "database: DATABASE_URL answered"],
    );
  });
});
