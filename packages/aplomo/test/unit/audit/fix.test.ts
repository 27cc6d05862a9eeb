import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, it } from "node:test";
import { audit } from "../../../src/audit/audit.ts";
import { splice, tryFix } from "../../../src/audit/fix.ts";
import { loadModel } from "../../../src/audit/model/load.ts";
import { exampleFiles } from "../../../src/audit/rule.ts";
import { rules } from "../../../src/audit/rules/index.ts";
import { auditTree } from "../../../src/audit/run.ts";
import { memoryTree } from "../../../src/audit/tree/memory.ts";
import { resident } from "../cli/resident.ts";
import { casesOf } from "./cases.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aplomo-fix-"));
});
after(() => rm(folder, { recursive: true, force: true }));

async function write(files: Record<string, string>): Promise<string> {
  const top = await mkdtemp(join(folder, "tree-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(top, path)), { recursive: true });
    await writeFile(join(top, path), text);
  }
  return top;
}

it("every fix of every case makes its finding go, and touches nothing outside its edits", () => {
  let tried = 0;
  for (const rule of rules) {
    for (const { files, isTrap } of casesOf(rule)) {
      if (isTrap) continue;
      const audited = auditTree(memoryTree(exampleFiles(files, "bad")));
      for (const finding of audited.made.findings.filter((one) => one.rule === rule && one.fix)) {
        const trial = tryFix(audited, finding);
        if (!trial) continue;
        tried++;
        const before = audited.model.sources.get(trial.file)?.text ?? "";
        const kept = [...trial.fix.edits].sort((a, b) => a.place.start - b.place.start);
        // What is between the edits is in the new text as it was, in that order.
        let from = 0;
        let at = 0;
        for (const { place, text } of kept) {
          assert.equal(trial.text.slice(at, at + place.start - from), before.slice(from, place.start));
          at += place.start - from + text.length;
          from = place.end;
        }
        assert.equal(trial.text.slice(at), before.slice(from));
        const after = audit(loadModel(memoryTree({ ...exampleFiles(files, "bad"), [trial.file]: trial.text })), [rule]);
        assert.ok(after.findings.length < audited.made.findings.filter((one) => one.rule === rule).length);
      }
    }
  }
  assert.ok(tried >= 12, `${tried} fixes tried`);
});

it("nothing is changed under an anchor or inside ${}", () => {
  const anchored =
    "x-base: &base\n  image: postgres:17\n  ports:\n    - 5432:5432\n  volumes: [data:/var/lib/postgresql/data]\nservices:\n  db:\n    <<: *base\nvolumes: { data: }\n";
  const audited = auditTree(memoryTree({ "compose.yml": anchored }));
  const open = audited.made.findings.filter((one) => one.rule.id === "data-port-public");
  assert.equal(open.length, 1);
  assert.deepEqual(
    open.map((one) => tryFix(audited, one)),
    [undefined],
  );
  const variable = auditTree(
    memoryTree({
      "compose.yml":
        "services:\n  db:\n    image: mysql:8\n    ports: ['${PORT:-3306}:3306']\n    volumes: [d:/var/lib/mysql]\nvolumes: { d: }\n",
    }),
  );
  const found = variable.made.findings.filter((one) => one.rule.id === "data-port-public");
  assert.equal(found.length, 1);
  assert.deepEqual(
    found.map((one) => tryFix(variable, one)),
    [undefined],
  );
});

it("splices from the end, so that offsets stay true", () => {
  const place = (start: number, end: number) => ({ file: "a", line: 1, column: 1, start, end });
  const edits = [
    { place: place(0, 1), text: "XX" },
    { place: place(3, 3), text: "-" },
  ];
  assert.equal(splice("abcdef", { title: "", changesBehaviour: false, edits }), "XXbc-def");
});

const script = "#!/bin/sh\n# Ours.\nset -e   # stop\n\n\nnode   server.js\n";
const files = {
  Dockerfile: 'FROM node:22-slim\nCOPY entrypoint.sh server.js ./\nUSER node\nENTRYPOINT ["./entrypoint.sh"]\n',
  "entrypoint.sh": script,
};

it("--fix --yes shows the diff and writes it; mode and every other byte stay", async () => {
  const top = await write(files);
  await chmod(join(top, "entrypoint.sh"), 0o755);
  const { code, stdout } = await resident(["audit", top, "--fix", "--yes"], folder);
  assert.equal(code, 0, stdout);
  assert.match(stdout, / {2}-node {3}server\.js\n {2}\+exec node {3}server\.js/);
  assert.equal(await readFile(join(top, "entrypoint.sh"), "utf8"), script.replace("node ", "exec node "));
  assert.equal((await stat(join(top, "entrypoint.sh"))).mode & 0o777, 0o755);
});

it("without a terminal what changes behaviour is only shown; what does not is made", async () => {
  const top = await write({ ...files, "entrypoint.sh": script.replaceAll("\n", "\r\n") });
  const { code, stdout } = await resident(["audit", top, "--fix"], folder);
  assert.equal(code, 1);
  assert.match(stdout, /1 change made, 1 left as they are/);
  assert.equal(await readFile(join(top, "entrypoint.sh"), "utf8"), script);
});

it("a byte order mark and Windows line ends stay where they are", async () => {
  const text =
    "\uFEFFservices:\r\n  db:\r\n    image: mysql:8 # ours\r\n    ports:\r\n      - '3306:3306'\r\n    volumes: [d:/var/lib/mysql]\r\n    restart: always\r\n    healthcheck: { test: [CMD, healthcheck.sh] }\r\nvolumes: { d: }\r\n";
  const top = await write({ "compose.yml": text });
  const { code } = await resident(["audit", top, "--fix", "--yes"], folder);
  assert.equal(code, 0);
  assert.equal(await readFile(join(top, "compose.yml"), "utf8"), text.replace("'3306", "'127.0.0.1:3306"));
});
