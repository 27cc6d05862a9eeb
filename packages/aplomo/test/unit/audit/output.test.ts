import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { rules } from "../../../src/audit/rules/index.ts";
import { aplomo } from "../cli/aplomo.ts";
import { resident } from "../cli/resident.ts";

let folder = "";
const secret = "h7Kp2xQ9vLw4nZ8r";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aplomo-audit-"));
  await writeFile(
    join(folder, "Dockerfile"),
    `FROM node:22-slim\nENV SESSION_SECRET=${secret}\nCOPY server.js ./\nUSER node\nCMD ["node", "server.js"]\n`,
  );
  const services = `services:\n  web:\n    build: .\n    ports: ["127.0.0.1:80:3000"]\n    environment:\n      JWT_SECRET: \${JWT_SECRET:-${secret}}\n      DATABASE_URL: postgres://app:${secret}@db/app\n    restart: always\n`;
  await writeFile(join(folder, "compose.yml"), services);
});
after(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]): ReturnType<typeof resident> => resident(["audit", ...args], folder);

describe("formats", () => {
  it("no format ever shows a secret", async () => {
    for (const format of ["text", "json", "sarif", "github", "markdown", "junit"]) {
      const { code, stdout, stderr } = await run("--format", format, "--severity", "info");
      assert.equal(code, 1, format);
      assert.ok(stdout.includes("secret-fallback") || format === "junit", format);
      assert.ok(!`${stdout}${stderr}`.includes(secret), format);
    }
    assert.ok(!(await run("--json")).stdout.includes(secret));
    // A process of its own has said the same when it ends.
    const args = ["--format", "json", "--severity", "info"];
    assert.deepEqual(await aplomo(["audit", ...args], folder), await run(...args));
  });

  it("text: place, line with its mark, next act, score with its sum", async () => {
    const { stdout } = await run();
    assert.match(
      stdout,
      /^error SESSION_SECRET has its value written into the image\n {2}Dockerfile:2:5 {2}image-secret\n {2}2 \| ENV SESSION_SECRET=\[secret\]\n {4}\| {5}\^{14}\n {2}\S/m,
    );
    const [, points, of, lost] = /^image +\d+ % +(\d+) of (\d+) points: image-secret −(\d+)$/m.exec(stdout) ?? [];
    assert.equal(Number(points), Number(of) - Number(lost));
    assert.match(stdout, /\d errors, \d warnings? in \d files by \d+ rules; \d+ below warning not shown/);
  });

  it("SARIF 2.1.0: each result names a rule that is there and a region", async () => {
    const log = JSON.parse((await run("--format", "sarif")).stdout) as {
      version: string;
      runs: {
        tool: { driver: { rules: { id: string }[] } };
        results: {
          ruleId: string;
          ruleIndex: number;
          level: string;
          locations: {
            physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number; startColumn: number; endColumn: number } };
          }[];
          partialFingerprints: Record<string, string>;
        }[];
      }[];
    };
    assert.equal(log.version, "2.1.0");
    const [made] = log.runs;
    assert.ok(made && made.results.length >= 3);
    for (const result of made.results) {
      assert.equal(made.tool.driver.rules[result.ruleIndex]?.id, result.ruleId);
      assert.ok(["error", "warning", "note"].includes(result.level));
      const region = result.locations[0]?.physicalLocation.region;
      assert.ok(region && region.startLine > 0 && region.endColumn > region.startColumn);
      assert.match(Object.values(result.partialFingerprints)[0] ?? "", /^[0-9a-f]{16}/);
    }
  });

  it("GitHub: one command a line; JUnit: as many failures as it says; Markdown: a row each", async () => {
    const found = (JSON.parse((await run("--format", "json")).stdout) as { findings: unknown[] }).findings.length;
    const lines = (await run("--format", "github")).stdout.trim().split("\n");
    assert.equal(lines.length, found);
    for (const line of lines) assert.match(line, /^::(error|warning|notice) file=[^,]+,line=\d+,col=\d+,title=[\w-]+::/);
    const junit = (await run("--format", "junit")).stdout;
    assert.equal(junit.match(/<failure /g)?.length, found);
    assert.match(junit, new RegExp(`<testsuites name="aplomo audit" tests="${found}" failures="${found}">`));
    assert.equal((await run("--format", "markdown")).stdout.match(/^\| (error|warning) \|/gm)?.length, found);
  });
});

describe("what counts", () => {
  it("the threshold decides what is shown and how it ends", async () => {
    const good = await mkdtemp(join(folder, "good-"));
    await writeFile(
      join(good, "compose.yml"),
      "services:\n  web:\n    image: a\n    ports: ['127.0.0.1:80:80']\n    restart: always\n    healthcheck: { test: [CMD, wget, -q, 'http://localhost/'] }\n",
    );
    assert.deepEqual([(await run(good)).code, (await run(good, "--severity", "info")).code], [0, 1]);
    assert.equal((await run(good, "--severity", "grave")).code, 2);
    assert.equal((await run(join(good, "absent"))).code, 2);
  });

  it("a baseline leaves out what it knows, and only that", async () => {
    const baseline = join(folder, "known.json");
    assert.equal((await run("--write-baseline", "--baseline", baseline)).code, 0);
    assert.equal((await run("--baseline", baseline)).code, 0);
    const other = join(folder, "docker-compose.prod.yml");
    await writeFile(other, "services:\n  db:\n    image: postgres:17\n    restart: always\n");
    const { code, stdout } = await run("--baseline", baseline);
    await rm(other);
    assert.equal(code, 1);
    assert.match(stdout, /data-no-volume/);
    assert.doesNotMatch(stdout, /:\d+ {2}secret-fallback/);
    assert.equal((await run("--baseline", join(folder, "compose.yml"))).code, 2);
  });

  it("an ignore counts with a reason, in its line or above, and not without", async () => {
    const inside = await mkdtemp(join(folder, "ignore-"));
    const text = (comment: string): string =>
      `services:\n  db:\n    image: mongo:7\n    restart: always\n    environment:\n      ${comment}\n      MONGO_INITDB_ROOT_PASSWORD: example\n    volumes: [data:/data/db]\n    healthcheck: { test: mongosh }\nvolumes: { data: }\n`;
    await writeFile(join(inside, "compose.yml"), text("# aplomo-ignore literal-secret: only reachable inside"));
    assert.match((await run(inside)).stdout, /nothing found.*1 ignored with a reason/);
    await writeFile(join(inside, "compose.yml"), text("# aplomo-ignore literal-secret"));
    assert.equal((await run(inside)).code, 1);
  });

  it("explains every rule, and helps with a name that is none", async () => {
    for (const rule of rules.slice(0, 4)) {
      const { code, stdout } = await run("--explain", rule.id);
      assert.equal(code, 0);
      assert.ok(stdout.includes(rule.why) && stdout.includes("aplomo-ignore"));
    }
    const { code, stdout } = await run("--explain", "image");
    assert.equal(code, 2);
    assert.match(stdout, /perhaps .*image-root/);
  });
});
