import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, it } from "node:test";
import { auditFolder } from "../../../src/audit/run.ts";
import { resident } from "../cli/resident.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aplomo-audit-"));
});
after(() => rm(folder, { recursive: true, force: true }));

/** A tree of its own, audited; what could not be read, and what was found. */
async function look(files: Record<string, string | Uint8Array>, more: (top: string) => Promise<void> = async () => {}) {
  const top = await mkdtemp(join(folder, "tree-"));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(top, path)), { recursive: true });
    await writeFile(join(top, path), content);
  }
  await more(top);
  const { model, made } = auditFolder(top);
  return {
    top,
    unread: model.unread.map((one) => `${one.file}: ${one.reason}`),
    found: made.findings.map((finding) => `${finding.rule.id} ${finding.place.file}:${finding.place.line}`),
  };
}

it("a binary Dockerfile and compose file are told, not passed over", async () => {
  const { unread } = await look({ Dockerfile: new Uint8Array([0x46, 0, 0xff, 0xfe]), "compose.yml": new Uint8Array([0xc3, 0x28, 0x0a]) });
  assert.deepEqual(unread, ["Dockerfile: it is not text (it holds a zero byte)", "compose.yml: it is not UTF-8 text"]);
});

it("50 MB of compose are not read", async () => {
  const { unread } = await look({ "compose.yml": Buffer.alloc(50 * 1024 * 1024, "a: 1\n") });
  assert.deepEqual(unread, ["compose.yml: it is larger than 1 MiB"]);
});

it("aliases that multiply, or name themselves, cost nothing", async () => {
  const bomb = [
    "a: &a [x, x, x, x, x, x, x, x, x]",
    ..."bcdefghij".split("").map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghij"[index]}`).join(", ")}]`),
  ];
  const services = "services:\n  web: &web\n    image: a\n    environment: *j\n    extends: web\n    depends_on: *web\n";
  const { unread } = await look({ "compose.yml": `${bomb.join("\n")}\n${services}` });
  assert.deepEqual(unread, []);
});

it("depth without end is told", async () => {
  const { unread } = await look({ "compose.yml": "[".repeat(100_000), "docker-compose.prod.yml": "a: {".repeat(5_000) });
  assert.deepEqual(unread, [
    "compose.yml: lists and mappings are nested too deeply",
    "docker-compose.prod.yml: lists and mappings are nested too deeply",
  ]);
});

it("links in a circle and out of the folder are not followed", async () => {
  const { unread, found } = await look({ "inside/Dockerfile": "FROM node:22\nCMD npm start\n" }, async (top) => {
    await symlink("..", join(top, "inside/up"));
    await symlink("/etc", join(top, "etc"));
    await symlink("/etc/passwd", join(top, "Dockerfile"));
    await symlink("loop", join(top, "loop"));
  });
  assert.deepEqual(unread, []);
  assert.ok(found.length > 0 && found.every((one) => one.includes(" inside/Dockerfile")), found.join());
});

it("a pipe by the name of a Dockerfile holds nothing up", async () => {
  const { unread } = await look({}, async (top) => void execFileSync("mkfifo", [join(top, "Dockerfile")]));
  assert.deepEqual(unread, []);
});

it("a file that may not be read makes exit code 2", { skip: process.getuid?.() === 0 ? "root may read everything" : false }, async () => {
  const { top } = await look({ Dockerfile: "FROM node:22\n" }, (top) => chmod(join(top, "Dockerfile"), 0));
  assert.equal((await resident(["audit", top], folder)).code, 2);
});

it("what could not be read makes exit code 2, also when nothing else was found", async () => {
  const { top } = await look({ "compose.yml": "services: [\n" });
  const { code, stdout } = await resident(["audit", top], folder);
  assert.equal(code, 2);
  assert.match(stdout, /not read compose\.yml:\d+: it is not YAML/);
});

it("Windows line ends change no finding and no line", async () => {
  const files = {
    Dockerfile:
      'FROM node:22-slim\nENV SESSION_SECRET=h7Kp2xQ9vLw4nZ8r \\\n  PORT=3000\nCOPY entrypoint.sh ./\nENTRYPOINT ["./entrypoint.sh"]\n',
    "compose.yml":
      "services:\n  web:\n    build: .\n    environment:\n      JWT_SECRET: ${JWT_SECRET:-dev}\n    ports: [127.0.0.1:80:3000]\n",
    "entrypoint.sh": "#!/bin/sh \nnpx prisma migrate deploy || true\nnode server.js\n",
  };
  const windows = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replaceAll("\n", "\r\n")]));
  const [plain, other] = [await look(files), await look(windows)];
  assert.ok(plain.found.length > 5);
  assert.deepEqual(
    other.found.filter((one) => !one.startsWith("script-line-ends")),
    plain.found,
  );
});

it("an audit writes nothing, into the tree or beside it", async () => {
  const { top } = await look({ Dockerfile: "FROM node:22\nCMD npm start\n", "compose.yml": "services: { web: { build: . } }\n" });
  const state = async (): Promise<string[]> =>
    Promise.all(
      (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((one) => one.isFile() && !one.parentPath.includes("home"))
        .map(
          async (one) =>
            `${one.parentPath}/${one.name} ${createHash("sha256")
              .update(await readFile(join(one.parentPath, one.name)))
              .digest("hex")}`,
        ),
    );
  const known = await state();
  for (const format of ["text", "json", "sarif", "github", "markdown", "junit"]) await resident(["audit", top, "--format", format], folder);
  assert.deepEqual(await state(), known);
});
