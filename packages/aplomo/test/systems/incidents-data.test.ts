import assert from "node:assert/strict";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../../src/targets/pm2/listening.ts";
import { answerOf } from "../support/compose.ts";
import { need } from "../support/need.ts";
import { binaries, startPostgres } from "../support/postgres.ts";
import { root } from "../support/root.ts";
import { incident, words } from "./incident.ts";
import { workplace } from "./workplace.ts";

const skip = need(binaries !== undefined, "no PostgreSQL server's programs in /usr/lib/postgresql");
const boot = join(root, "packages/runtime/bin/aplomo-boot");

incident("I8", "a partial dump is restored: 206 of 7,320 rows", skip, async (t) => {
  const cluster = await startPostgres();
  t.after(() => cluster.stop());
  const tables = "CREATE TABLE monthly_kpis (id int PRIMARY KEY, value numeric); CREATE TABLE instituciones (id int)";
  for (const name of ["laptop", "theirs", "app"]) await cluster.sql("postgres", `CREATE DATABASE ${name}`);
  await cluster.sql("laptop", `${tables}; INSERT INTO monthly_kpis SELECT n, n FROM generate_series(1, 7320) n`);
  await cluster.sql("laptop", "INSERT INTO instituciones SELECT generate_series(1, 54)");
  const place = await workplace(t, {
    "aplomo.yml": `app: octavios
target: { kind: pm2, script: server.js, port: 3000 }
databases: { main: { engine: postgres, url: "\${DATABASE_URL}", invariants: { monthly_kpis: { at_least: 7000 } } } }
env: { file: .env }
`,
    ".env": `DATABASE_URL=${cluster.url("app")}\n`,
  });
  await cluster.client("pg_dump", "-f", join(place.folder, "whole.sql"), "laptop");
  // As far as the disk, or the connection, let it come: 206 rows into the table's data.
  const lines = (await readFile(join(place.folder, "whole.sql"), "utf8")).split("\n");
  const data = lines.findIndex((line) => line.startsWith("COPY public.monthly_kpis"));
  await writeFile(join(place.folder, "dump.sql"), `${lines.slice(0, data + 1 + 206).join("\n")}\n`);

  const theirs = await place.sh(`psql -q -h ${cluster.socket} -U postgres -d theirs -f dump.sql`);
  assert.equal(theirs.code, 0);
  assert.doesNotMatch(theirs.output, /error/i);
  assert.equal(await cluster.sql("theirs", "SELECT count(*) FROM monthly_kpis"), "206");

  const push = await place.aplomo("data", "push", "dump.sql", "--to", "main", "--yes");
  assert.equal(push.code, 1, push.output);
  assert.equal(await cluster.sql("app", "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0");
  return {
    then: "`psql -f dump.sql`: exit code 0, no error, and 206 rows",
    caught: { "data push": words(push.output, /error .*/) },
  };
});

incident("I19", "the application starts before its database accepts connections", skip, async (t) => {
  const [port, database] = [await freePort(), await freePort()];
  const place = await workplace(
    t,
    {
      "server.js": `const { Client } = require("pg");
const client = new Client(process.env.DATABASE_URL);
client.connect().then(() => require("node:http").createServer((request, response) => response.end("ready")).listen(${port}, "127.0.0.1"));
`,
      "aplomo.boot.json": '{ "database": { "url": "DATABASE_URL", "wait": "60s" } }',
      "compose.yml": `services:
  web:
    image: registry.example/planner:1.4.0
    depends_on: [db]
  db:
    image: postgres:17
    volumes: [data:/var/lib/postgresql/data]
    healthcheck: { test: [CMD, pg_isready, -h, 127.0.0.1] }
volumes: { data: }
`,
    },
    { DATABASE_URL: `postgres://postgres@127.0.0.1:${database}/postgres` },
  );
  await symlink(join(root, "examples/agenda/node_modules"), join(place.folder, "node_modules"));
  const theirs = await place.sh("node server.js");
  assert.deepEqual([theirs.code, /ECONNREFUSED/.test(theirs.output)], [1, true], theirs.output);

  await place.sh(`${boot} -- node server.js >server.log 2>&1 & echo $! >server.pid`);
  const cluster = await startPostgres({ listen_addresses: "127.0.0.1", port: String(database) });
  t.after(() => cluster.stop());
  assert.equal(await answerOf(`http://127.0.0.1:${port}/`), "ready");
  const waited = await place.sh("cat server.log");
  const audit = await place.aplomo("audit");
  assert.equal(audit.code, 1, audit.output);
  return {
    then: "`node server.js` while the database starts: ECONNREFUSED, exit code 1; whoever starts it again does so too early again",
    caught: {
      boot: words(waited.output, /.*(?:waiting|answered|not yet).*/).replace(/\d[\d.,]* m?s\b/g, "... s"),
      audit: words(audit.output, /(?:error|warning) .*/),
    },
  };
});
