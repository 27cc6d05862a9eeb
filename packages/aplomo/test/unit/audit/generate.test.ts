import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { auditFolder } from "../../../src/audit/run.ts";
import { root } from "../../support/root.ts";
import { resident } from "../cli/resident.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aplomo-generate-"));
});
after(() => rm(folder, { recursive: true, force: true }));

const listens =
  "import http from 'node:http';\nconst server = http.createServer((q, r) => r.end('ok')).listen(process.env.PORT);\nprocess.on('SIGTERM', () => { server.close(() => process.exit(0)); setTimeout(() => process.exit(1), 8000).unref(); });\n";
const prisma = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n';
const applications: Record<string, Record<string, string>> = {
  node: {
    "package.json":
      '{ "name": "shop", "type": "module", "scripts": { "start": "node server.js", "test": "node --test" }, "dependencies": { "pg": "8" } }',
    "server.js": listens,
  },
  "node that is built": {
    "package.json": '{ "name": "@team/api", "scripts": { "build": "tsc", "start": "node dist/main.js" } }',
    "pnpm-lock.yaml": "",
  },
  "node with the runtime": {
    "package.json":
      '{ "name": "desk", "type": "module", "scripts": { "start": "node server.js" }, "dependencies": { "@aplomo/runtime": "0.1.0", "pg": "8" } }',
    "server.js": "import { graceful } from '@aplomo/runtime';\ngraceful(server);\n",
  },
  next: {
    "package.json": '{ "name": "planner", "scripts": { "build": "next build" }, "dependencies": { "next": "15", "@prisma/client": "6" } }',
    "package-lock.json": "{}",
    "schema.prisma": prisma,
  },
  "next with Prisma and a driver": {
    "package.json":
      '{ "name": "loans", "type": "module", "scripts": { "build": "next build" }, "dependencies": { "next": "16", "@prisma/adapter-pg": "7", "pg": "8" } }',
    "package-lock.json": "{}",
    "prisma/schema.prisma": prisma,
  },
  "node under PM2": {
    "package.json": '{ "name": "hub", "type": "module", "scripts": { "start": "node server.js", "production": "pm2 start" } }',
    "server.js":
      "import http from 'node:http';\nhttp.createServer((q, r) => r.end('ok')).listen(process.env.PORT);\nprocess.on('SIGTERM', () => process.exit(0));\n",
  },
  python: { "requirements.txt": "fastapi\nuvicorn\npsycopg\n", "main.py": "app = FastAPI()\n" },
};

for (const [name, files] of Object.entries(applications)) {
  it(`what is written for ${name} passes the audit`, async () => {
    const top = await mkdtemp(join(folder, "app-"));
    await mkdir(join(top, "prisma"));
    for (const [path, text] of Object.entries(files)) await writeFile(join(top, path), text);
    const { code, stdout } = await resident(["init", "--generate"], top);
    assert.equal(code, 0, stdout);
    const { model, made } = auditFolder(top);
    assert.deepEqual(model.unread, []);
    assert.deepEqual(
      made.findings
        .filter((finding) => finding.severity !== "info")
        .map((finding) => `${finding.rule.id} ${finding.place.file}:${finding.place.line} ${finding.message}`),
      [],
    );
    const image = ["Dockerfile", ".dockerignore", "compose.yml"];
    const own = name.endsWith("PM2") ? ["ecosystem.config.cjs"] : image;
    for (const path of [...own, ".env.example", ".github/workflows/deploy.yml", "docs/RUNBOOK.md", "aplomo.yml"]) {
      assert.ok((await readFile(join(top, path), "utf8")).length > 40, path);
    }
    assert.equal(model.services[0]?.dockerfile !== undefined, !name.endsWith("PM2"));
  });
}

it("nothing that is there is replaced", async () => {
  const top = await mkdtemp(join(folder, "app-"));
  for (const [path, text] of Object.entries({
    ...applications["node"],
    Dockerfile: "FROM mine\n",
    "compose.yml": "services: { web: { build: . } }\n",
    "aplomo.yml": "app: mine\n",
  }))
    await writeFile(join(top, path), text);
  const { code, stdout } = await resident(["init", "--generate"], top);
  assert.equal(code, 0, stdout);
  assert.equal(await readFile(join(top, "Dockerfile"), "utf8"), "FROM mine\n");
  assert.equal(await readFile(join(top, "aplomo.yml"), "utf8"), "app: mine\n");
  const again = await resident(["init", "--generate"], top);
  assert.match(again.stdout, /wrote 0 files/);
});

it("Prisma's migrations are applied by a program that is in the image, where the application has the driver", async () => {
  const top = await mkdtemp(join(folder, "app-"));
  await mkdir(join(top, "prisma"));
  for (const [path, text] of Object.entries(applications["next with Prisma and a driver"] ?? {})) await writeFile(join(top, path), text);
  assert.equal((await resident(["init", "--generate"], top)).code, 0);
  const read = (path: string): Promise<string> => readFile(join(top, path), "utf8");
  assert.match(await read("aplomo.yml"), /^migrate: \{ run: \[node, prisma\/migrate\.mjs\]/m);
  assert.match(await read("Dockerfile"), /^COPY --from=build \/app\/prisma \.\/prisma$/m);
  // The one that citaplanner's test runs in the lab.
  assert.equal(await read("prisma/migrate.mjs"), await readFile(join(root, "examples/citaplanner/prisma/migrate.js"), "utf8"));
});
