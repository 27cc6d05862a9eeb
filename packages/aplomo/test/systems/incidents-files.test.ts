import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../../src/targets/pm2/listening.ts";
import { answerOf, textOf } from "../support/compose.ts";
import { root } from "../support/root.ts";
import { incident, words } from "./incident.ts";
import { workplace } from "./workplace.ts";

const boot = join(root, "packages/runtime/bin/aplomo-boot");

incident("I3", "the application silently runs on a mock database", false, async (t) => {
  const port = await freePort();
  const place = await workplace(t, {
    "server.js": `const { createServer } = require("node:http");
class MySql { constructor(url) { this.url = url; } }
class InMemoryDatabase { customers() { return ["Demo Customer"]; } }
const db = process.env.DATABASE_URL ? new MySql(process.env.DATABASE_URL) : new InMemoryDatabase();
createServer((request, response) => response.end(JSON.stringify(db.customers()))).listen(Number(process.env.PORT), "127.0.0.1");
`,
    // The name of the variable is misspelt.
    ".env": "NODE_ENV=production\nDATABSE_URL=mysql://crm@db/crm\n",
    "aplomo.boot.json": '{ "database": { "url": "DATABASE_URL" }, "env": { "require": { "DATABASE_URL": {} } } }',
  });
  await place.sh(`set -a; . ./.env; PORT=${port} node server.js >server.log 2>&1 & echo $! >server.pid`);
  assert.equal(await answerOf(`http://127.0.0.1:${port}/`), '["Demo Customer"]');

  const audit = await place.aplomo("audit");
  assert.equal(audit.code, 1, audit.output);
  const started = await place.sh(`set -a; . ./.env; exec ${boot} -- node server.js`);
  assert.equal(started.code, 2, started.output);
  return {
    then: "`node server.js` with the variable misspelt: it answers 200 with made-up customers",
    caught: { audit: words(audit.output, /error .*/), boot: words(started.output, /.*DATABASE_URL.*/) },
  };
});

incident("I6", "SECRET_KEY is too short: a crash loop after the switch", false, async (t) => {
  const port = await freePort();
  const place = await workplace(t, {
    "server.js": `const { createServer } = require("node:http");
if ((process.env.SECRET_KEY ?? "").length < 32) throw new Error("SECRET_KEY must be at least 32 characters");
createServer((request, response) => response.end("in front")).listen(Number(process.env.PORT), "127.0.0.1");
`,
    "start.sh": `#!/bin/bash\nset -a; . "$1"; PORT=${port} node server.js >server.log 2>&1 & echo $! >server.pid\n`,
    "deploy.sh": '#!/bin/bash\nkill "$(cat server.pid)"\n./start.sh ./next.env\nsleep 1\necho "deployed"\n',
    "good.env": `SECRET_KEY=${"k9".repeat(16)}\n`,
    "next.env": "SECRET_KEY=s3cr3t-of-2024\n",
    "aplomo.yml": `app: hub
target: { kind: pm2, script: server.js, port: ${port} }
env: { file: next.env, require: { SECRET_KEY: { secret: true, min_length: 32 } } }
`,
  });
  await place.sh("./start.sh ./good.env");
  assert.equal(await answerOf(`http://127.0.0.1:${port}/`), "in front");
  // With Aplomo first: what runs is not touched.
  const deploy = await place.aplomo("deploy");
  assert.equal(deploy.code, 2, deploy.output);
  assert.equal(await textOf(`http://127.0.0.1:${port}/`), "in front");

  const theirs = await place.sh("./deploy.sh");
  assert.deepEqual([theirs.code, theirs.output], [0, "deployed\n"]);
  assert.equal(await textOf(`http://127.0.0.1:${port}/`), undefined);
  return {
    then: '`deploy.sh` ends the old process and starts the new one: "deployed", exit code 0, and nothing answers any more',
    caught: { deploy: words(deploy.output, /next\.env:1 SECRET_KEY: .*|.*SECRET_KEY.*/) },
  };
});

incident("I7", "a list is written as JSON where the application reads commas", false, async (t) => {
  const port = await freePort();
  const place = await workplace(t, {
    "server.js": `const { createServer } = require("node:http");
const origins = process.env.CORS_ORIGINS.split(",");
createServer((request, response) => {
  response.statusCode = request.url === "/healthz" || origins.includes(request.headers.origin) ? 200 : 403;
  response.end("answered");
}).listen(Number(process.env.PORT), "127.0.0.1");
`,
    ".env": `PORT=${port}\nCORS_ORIGINS=["https://crm.example","https://hub.example"]\n`,
    "aplomo.yml": `app: crm
target: { kind: pm2, script: server.js, port: ${port} }
env: { file: .env, require: { CORS_ORIGINS: { list: csv, each: url } } }
`,
  });
  await place.sh(`export PORT=${port} 'CORS_ORIGINS=["https://crm.example","https://hub.example"]'
node server.js >server.log 2>&1 & echo $! >server.pid`);
  await answerOf(`http://127.0.0.1:${port}/healthz`);
  const asked = await fetch(`http://127.0.0.1:${port}/`, { headers: { origin: "https://crm.example", connection: "close" } });
  assert.equal(asked.status, 403);

  const check = await place.aplomo("check");
  assert.equal(check.code, 1, check.output);
  const audit = await place.aplomo("audit");
  assert.equal(audit.code, 1, audit.output);
  return {
    then: "the health check answers 200, and every user of every page is refused with 403",
    caught: { check: words(check.output, /.*CORS_ORIGINS: .*/), audit: words(audit.output, /.*CORS_ORIGINS.*/) },
  };
});

incident("I9", "a git hook's grep has nothing to read, and set -e ends it", false, async (t) => {
  const place = await workplace(t, {
    ".husky/pre-commit": `#!/bin/bash
set -e
sources=$(git diff --cached --name-only | grep -v '^docs/')
echo "checking: $sources"
`,
    "docs/guide.md": "# Guide\n",
  });
  const git = "git -c user.name=a -c user.email=a@example.test -c commit.gpgsign=false";
  await place.sh(`${git} init -q && git config core.hooksPath .husky && git add docs`);
  const commit = await place.sh(`${git} commit -m "Correct the guide"`);
  assert.deepEqual([commit.code, commit.output], [1, ""]);

  const audit = await place.aplomo("audit");
  assert.equal(audit.code, 1, audit.output);
  return {
    then: "`git commit` of a change in `docs/` alone: exit code 1, not a word",
    caught: { audit: words(audit.output, /.*grep.*/) },
  };
});

incident("I14", "PM2 kills before the application's own limit for its end", false, async (t) => {
  const port = await freePort();
  const place = await workplace(t, {
    "server.js": `const { createServer } = require("node:http");
const server = createServer((request, response) => setTimeout(() => response.end("a long report"), 2500));
server.listen(Number(process.env.PORT), "127.0.0.1");
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => {
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(1), 10000).unref();
});
`,
    "ecosystem.config.js": `module.exports = { apps: [{ name: "hub", script: "server.js", kill_timeout: 1000, env: { PORT: "${port}" } }] };\n`,
    "package.json": '{ "name": "hub" }\n',
  });
  await symlink(join(root, "node_modules"), join(place.folder, "node_modules"));
  const started = await place.sh("pm2 start ecosystem.config.js");
  assert.equal(started.code, 0, started.output);
  const report = answerOf(`http://127.0.0.1:${port}/`);
  await report;
  const cut = fetch(`http://127.0.0.1:${port}/`, { headers: { connection: "close" } }).then(
    () => "answered",
    () => "cut off",
  );
  const reload = await place.sh("sleep 0.3; pm2 reload hub");
  assert.deepEqual([reload.code, await cut], [0, "cut off"]);

  const audit = await place.aplomo("audit");
  assert.equal(audit.code, 1, audit.output);
  return {
    then: "`pm2 reload` (exit code 0) kills it after `kill_timeout`; the request under way, which its own limit of 10 s would have answered, is cut off",
    caught: { audit: words(audit.output, /.*kill_timeout.*/) },
  };
});
