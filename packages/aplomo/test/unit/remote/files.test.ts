import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, it } from "node:test";
import { loadConfig } from "../../../src/config/load.ts";
import type { Context } from "../../../src/host/context.ts";
import { local } from "../../../src/host/local.ts";
import { collect } from "../../../src/remote/files.ts";
import { shellVariables } from "../../../src/remote/variables.ts";

let folder = "";
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "aplomo-files-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text, { mode: 0o644 });
  }
}

async function sent(): Promise<{ path: string; mode?: number }[]> {
  const ctx: Context = { host: local, emit() {}, signal: new AbortController().signal, home: join(folder, "home"), now: () => new Date() };
  return (await collect(ctx, await loadConfig(join(folder, "aplomo.yml"), {}))).files;
}
const paths = async (): Promise<string[]> => (await sent()).map(({ path }) => path);

const compose = `
services:
  web:
    image: web
    env_file: [web.env, { path: other.env, required: false }]
    extends: { file: base/common.yml, service: web }
    volumes:
      - ./nginx.conf:/etc/nginx.conf
      - ./conf.d:/etc/conf.d:ro
      - ./uploads:/uploads
      - \${DATA:-./data}:/data
      - named:/named
      - /var/run/docker.sock:/var/run/docker.sock
      - { type: bind, source: ./theme, target: /theme, read_only: true }
secrets: { key: { file: key.pem } }
`;

it("sends what compose reads, and nothing that containers write to", async () => {
  await write({
    "aplomo.yml": "app: shop\ntarget: { kind: compose, host: shop }\nenv: { file: app.env }\n",
    "app.env": "A=1\n",
    "app.env.example": "A=0\n",
    "compose.yml": compose,
    "compose.override.yml": "services: {}\n",
    "web.env": "",
    "base/common.yml": "services: { web: { env_file: [more.env] } }\n",
    "base/more.env": "",
    "nginx.conf": "",
    "conf.d/a": "",
    "conf.d/deep/b": "",
    "uploads/photo": "",
    "data/rows": "",
    "theme/c": "",
    "key.pem": "",
    "notes.txt": "",
  });
  const files = await sent();
  assert.deepEqual(
    files.map(({ path }) => path),
    [
      "aplomo.yml",
      "app.env",
      "app.env.example",
      "base/common.yml",
      "base/more.env",
      "compose.override.yml",
      "compose.yml",
      "conf.d/a",
      "conf.d/deep/b",
      "key.pem",
      "nginx.conf",
      "theme/c",
      "web.env",
    ],
  );
  assert.equal(files.find(({ path }) => path === "app.env")?.mode, 0o600);
});

it("sends a PM2 app's source as a release would have it", async () => {
  await write({
    "aplomo.yml":
      "app: hub\ntarget: { kind: pm2, host: hub, script: a.js, port: 3000, install: [npm, ci], exclude: [tmp] }\nenv: { file: .env }\ndatabases: { main: { engine: sqlite, file: hub.db } }\n",
    ".env": "A=1\n",
    "a.js": "",
    "lib/b.js": "",
    "node_modules/x/y.js": "",
    "tmp/z": "",
    "hub.db": "rows",
    ".git/HEAD": "",
  });
  assert.deepEqual(await paths(), [".env", "a.js", "aplomo.yml", "lib/b.js"]);
});

it("refuses what the server cannot have at the same place", async () => {
  await write({
    "in/aplomo.yml": "app: shop\ntarget: { kind: compose, host: shop }\n",
    "in/compose.yml": "services: { web: { env_file: ../up.env } }\n",
    "up.env": "",
  });
  folder = join(folder, "in");
  await assert.rejects(paths(), /not below the folder of aplomo\.yml/);
  folder = dirname(folder);
});

it("variables of the shell go along when aplomo.yml takes them from there, and no others", async () => {
  const yml = 'app: shop\ntarget: { kind: compose, host: "${SERVER}" }\nenv: { file: app.env, require: { TOKEN: {}, KEY: {} } }\n';
  await write({ "aplomo.yml": yml, "app.env": "KEY=of-the-file\n" });
  const shell = { SERVER: "shop", TOKEN: "t", KEY: "of-the-shell", OTHER: "o", PATH: "/bin" };
  const config = await loadConfig(join(folder, "aplomo.yml"), shell);
  assert.deepEqual(shellVariables(config, yml, shell), { SERVER: "shop", TOKEN: "t" });
});
