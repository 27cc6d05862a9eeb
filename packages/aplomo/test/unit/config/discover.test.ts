import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { UsageError } from "../../../src/base/errors.ts";
import type { Config } from "../../../src/config/config.ts";
import { discover } from "../../../src/config/discover.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { root } from "../../support/root.ts";

let parent = "";
before(async () => void (parent = await mkdtemp(join(tmpdir(), "aplomo-discover-"))));
after(() => rm(parent, { recursive: true, force: true }));

interface Found {
  text: string;
  reasons: string[];
  config: Config;
}

/** Discovers a folder with these files, and loads what was written once its env file is there. */
async function found(name: string, files: Record<string, string | Buffer>, env = ""): Promise<Found> {
  const folder = join(parent, name);
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), content);
  }
  return loaded(folder, env);
}

async function loaded(folder: string, env: string): Promise<Found> {
  const { text, reasons } = await discover(folder);
  await writeFile(join(folder, "aplomo.yml"), text);
  const file = /^ {2}file: (\S+\.env\S*|\.env\S*)$/m.exec(text)?.[1];
  if (file !== undefined) await writeFile(join(folder, file), env);
  return { text, reasons, config: await loadConfig(join(folder, "aplomo.yml"), {}) };
}

const composeFile = `
name: shop
services:
  web:
    build: ./web
    env_file: [.env]
    ports: ["127.0.0.1:8080:3000"]
  worker:
    image: registry.example/shop-worker:1.4
  db:
    image: \${POSTGRES_IMAGE:-postgis/postgis:16-3.4}
    environment: { POSTGRES_PASSWORD: "\${POSTGRES_PASSWORD:?set it}" }
  cache:
    image: redis:7-alpine
  proxy:
    image: traefik:v3
    ports: ["80:80"]
`;

describe("a compose folder", () => {
  it("names what a release replaces, and leaves databases, other data and the proxy alone", async () => {
    const { config, reasons, text } = await found(
      "compose",
      {
        "docker-compose.yml": composeFile,
        "docker-compose.prod.yml": "services: { worker: { deploy: { replicas: 2 } } }\n",
        "docker-compose.override.yml": "services: { web: { environment: { DEBUG: 1 } } }\n",
        "web/Dockerfile": "FROM node:22\nEXPOSE 4000\n",
        "web/server.js": `app.get("/api/health", ok);\n`,
        ".env.example":
          "SESSION_SECRET=\nSTRIPE_API_KEY=\nCORS_ORIGINS=https://a.example,https://b.example\nDEBUG=false\nAPI=https://x.example\n",
        "alembic.ini": "[alembic]\nscript_location = %(here)s/db/alembic\n",
        "db/alembic/versions/1_first.py": "",
      },
      "POSTGRES_PASSWORD=kq81kq81kq81kq81\n",
    );
    const { target, databases, env, migrate, health } = config.settings;
    assert.ok(target.kind === "compose");
    assert.deepEqual(target.files, ["docker-compose.yml", "docker-compose.prod.yml"]);
    assert.equal(target.project, "shop");
    assert.deepEqual(target.services, ["web", "worker"]);
    assert.deepEqual(Object.keys(databases), ["shop"]);
    assert.equal(databases["shop"]?.service, "db");
    assert.deepEqual(migrate?.run, ["alembic", "upgrade", "head"]);
    assert.equal(migrate.files, "db/alembic/versions");
    assert.equal(migrate.service, "web");
    assert.deepEqual([health.service, health.port, health.path], ["web", 3000, "/api/health"]);
    assert.deepEqual(Object.keys(env.require), ["POSTGRES_PASSWORD", "SESSION_SECRET", "STRIPE_API_KEY", "CORS_ORIGINS", "DEBUG", "API"]);
    assert.equal(env.require["SESSION_SECRET"]?.secret, true);
    assert.equal(env.require["STRIPE_API_KEY"]?.min_length, 32);
    assert.equal(env.require["CORS_ORIGINS"]?.list, "csv");
    assert.equal(env.require["DEBUG"]?.type, "boolean");
    assert.match(text, /files: \[docker-compose.yml, docker-compose.prod.yml\] # \?/);
    assert.ok(reasons.some((line) => /cache \(redis:7-alpine\) holds data that this version cannot back up/.test(line)));
    assert.ok(reasons.some((line) => line.startsWith("docker-compose.override.yml: not used")));
  });

  it("keeps the project name docker compose uses today, whose volumes hold the data", async () => {
    const named = { "compose.yaml": "services: { web: { image: web } }\n" };
    const byFolder = await found("My.Shop", named);
    assert.ok(byFolder.config.settings.target.kind === "compose");
    assert.equal(byFolder.config.settings.target.project, "myshop");
    const byVariable = await found("elsewhere", { ...named, ".env": "COMPOSE_PROJECT_NAME=shop_2024\n" }, "A=1\n");
    assert.ok(byVariable.config.settings.target.kind === "compose");
    assert.equal(byVariable.config.settings.target.project, "shop_2024");
  });

  it("survives a compose file it cannot read", async () => {
    const { config } = await found("broken", { "compose.yml": "services: [ {\n" });
    assert.equal(config.settings.target.kind, "compose");
  });

  it("finds files in infra/, with the override that compose itself would take", async () => {
    const { config } = await found("nested", {
      "infra/compose.yml": "services: { web: { image: web, expose: [8000] } }\n",
      "infra/compose.override.yml": "services: { web: { image: web2 } }\n",
    });
    assert.ok(config.settings.target.kind === "compose");
    assert.deepEqual(config.settings.target.files, ["infra/compose.yml", "infra/compose.override.yml"]);
    assert.equal(config.settings.target.project, "infra");
    assert.equal(config.settings.health.port, 8000);
  });
});

describe("other databases", () => {
  it("are known by their service's image, whoever built it", async () => {
    for (const [image, engine] of [
      ["mariadb:11.4", "mariadb"],
      ["bitnami/mariadb:10.11", "mariadb"],
      ["mysql:8.0", "mysql"],
      ["percona/percona-server:8.0", "mysql"],
      ["mongo:7", "mongodb"],
      ["percona/percona-server-mongodb:7.0", "mongodb"],
    ]) {
      const folder = `image-${engine}-${(image ?? "").length}`;
      const { config, reasons } = await found(folder, {
        "compose.yml": `name: shop\nservices:\n  web: { build: ., ports: ["8080:3000"] }\n  data: { image: "${image}" }\n`,
      });
      assert.deepEqual([config.settings.databases["shop"]?.engine, config.settings.databases["shop"]?.service], [engine, "data"]);
      assert.ok(reasons.some((reason) => /a (?:MariaDB|MySQL|MongoDB) database, backed up/.test(reason)));
    }
  });

  it("have a name that MongoDB's service does not tell: from the address in a variable, else a guess", async () => {
    const compose = { "compose.yml": `name: shop\nservices:\n  web: { build: ., ports: ["8080:3000"] }\n  data: { image: "mongo:7" }\n` };
    const address = "MONGODB_URI=mongodb://root:kq81kq81@data:27017/orders?authSource=admin\n";
    const known = await found("mongo-name", { ...compose, ".env.example": address }, address);
    assert.equal(known.config.settings.databases["shop"]?.name, "orders");
    const guessed = await found("mongo-guess", compose);
    assert.match(guessed.text, /name: shop\s+# \?/);
  });

  it("are known by MongoDB's address in a variable", async () => {
    const { config } = await found(
      "mongo-url",
      { "package.json": '{"name":"hub"}', "index.js": "listen()", ".env.example": "MONGODB_URI=mongodb://hub:secret@127.0.0.1/hub\n" },
      "MONGODB_URI=mongodb://hub:kq81kq81@127.0.0.1:27017/hub\n",
    );
    assert.equal(config.settings.databases["hub"]?.engine, "mongodb");
  });

  it("are known by the address in a variable", async () => {
    const { config } = await found(
      "mysql-url",
      { "package.json": '{"name":"hub"}', "index.js": "listen()", ".env.example": "DATABASE_URL=mysql://hub:secret@127.0.0.1/hub\n" },
      "DATABASE_URL=mysql://hub:kq81kq81@127.0.0.1:3306/hub\n",
    );
    assert.equal(config.settings.databases["hub"]?.engine, "mysql");
    assert.match(config.settings.databases["hub"]?.url?.reveal() ?? "", /^mysql:/);
  });
});

describe("a folder for PM2", () => {
  it("takes script, instances and port from the ecosystem file, without running it", async () => {
    const { config, text } = await found(
      "ecosystem",
      {
        "ecosystem.config.cjs": `throw new Error("not to be run");
module.exports = { apps: [{ name: "hub", script: "./src/main.js", instances: 2, exec_mode: "cluster", wait_ready: true, env: { PORT: 3012 } }] };`,
        "compose.yml": "services: { db: { image: postgres } }\n",
        "package.json": JSON.stringify({
          name: "@team/other",
          dependencies: { pg: "8" },
          scripts: { start: "node wrong.js", seed: "node seed.js" },
        }),
        "package-lock.json": "{}",
        "prisma/schema.prisma": "",
        "prisma/migrations/1/migration.sql": "",
        ".env.example": "DATABASE_URL=postgres://hub:secret@127.0.0.1:5432/hub\nNEXT_PUBLIC_MAPS_KEY=\nNODE_ENV=production\n",
      },
      "DATABASE_URL=postgres://hub:kq81kq81@127.0.0.1:5432/hub\n",
    );
    const { app, target, databases, env, migrate } = config.settings;
    assert.equal(app, "hub");
    assert.ok(target.kind === "pm2");
    assert.deepEqual(
      [target.script, target.instances, target.exec_mode, target.port, target.wait_ready],
      ["src/main.js", 2, "cluster", 3012, true],
    );
    assert.deepEqual(target.install, ["npm", "ci", "--omit=dev"]);
    assert.equal(databases["hub"]?.url?.reveal(), "postgres://hub:kq81kq81@127.0.0.1:5432/hub");
    assert.deepEqual(migrate?.run, ["npx", "prisma", "migrate", "deploy"]);
    assert.equal(migrate.database, "hub");
    assert.equal(env.require["NEXT_PUBLIC_MAPS_KEY"]?.secret, false);
    assert.doesNotMatch(text, /hub:secret/);
  });

  it("marks a script and a port that nothing names as guesses", async () => {
    const { config, text, reasons } = await found("bare", { "index.js": "listen()" });
    assert.ok(config.settings.target.kind === "pm2");
    assert.match(text, /script: index.js # \?\n {2}port: 3000 # \?/);
    assert.ok(reasons.includes("no database was found: nothing would be backed up"));
  });

  it("finds a SQLite file by its content, and its variable where there is one", async () => {
    const sqlite = Buffer.from("SQLite format 3\0........");
    const byFile = await found("file", { "server.js": "process.env.PORT || 8080", "data/app.db": sqlite, "data/not.db": "text" });
    assert.equal(byFile.config.settings.databases["file"]?.file, "data/app.db");
    assert.ok(byFile.config.settings.target.kind === "pm2" && byFile.config.settings.target.port === 8080);
    const byName = await found("name", { "server.js": "", ".env": "DATABASE_FILE=/srv/name.db\n" }, "DATABASE_FILE=/srv/name.db\n");
    assert.equal(byName.config.settings.databases["name"]?.file, "/srv/name.db");
  });

  it("writes odd names so that they stay what they are", async () => {
    const { config } = await found("odd", { "package.json": JSON.stringify({ name: "123", scripts: { start: "node a#b.js 3000 -" } }) });
    assert.ok(config.settings.target.kind === "pm2");
    assert.equal(config.settings.target.script, "a#b.js");
    assert.deepEqual(config.settings.target.args, ["3000", "-"]);
    assert.equal(config.settings.app, "app");
  });
});

it("the agenda's folder loads once its variables are set", async () => {
  const folder = join(parent, "agenda");
  await cp(join(root, "examples/agenda"), folder, {
    recursive: true,
    filter: (path) => !/node_modules|aplomo\.\S*yml$|\/\.env$/.test(path),
  });
  const { config, text } = await loaded(folder, "POSTGRES_PASSWORD=kq81kq81kq81kq81\n");
  assert.equal(config.settings.app, "agenda");
  assert.deepEqual(config.settings.migrate?.run, ["node", "migrate.js"]);
  assert.equal(config.settings.migrate?.files, "migrations/postgres");
  assert.equal(config.settings.health.path, "/healthz");
  assert.doesNotMatch(text, /undefined|null/);
});

it("an empty folder has no application, and the error says where to look", async () => {
  const folder = await mkdtemp(join(parent, "empty-"));
  await assert.rejects(discover(folder), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /could not find an application in .*no compose file/);
    assert.match(error.hint ?? "", /docs\/CONFIGURATION.md/);
    return true;
  });
});
