import assert from "node:assert/strict";
import { cp, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { docker } from "../support/compose.ts";
import { freePort } from "../support/edge-rig.ts";
import { whyNoCompose } from "../support/lab.ts";
import { root } from "../support/root.ts";
import { clearProject } from "./compose-project.ts";
import { place, type Place, type Typed } from "./place.ts";
import { also, said } from "./told.ts";

const skip = whyNoCompose("V2") ?? false;

/** The points of each area, as `aplomo audit` prints them. */
function scores(output: string): Map<string, number> {
  return new Map([...output.matchAll(/^(\w[\w ]*?) +(\d+) %  /gm)].map(([, area, percent]) => [area ?? "", Number(percent)]));
}

describe("escalafin", { skip }, () => {
  let here: Place;
  let port = 0;
  let typed: Typed[] = [];
  const printed = (line: string, nth = 0): string =>
    typed.filter((one) => one.line.startsWith(line))[nth]?.output ?? assert.fail(`${line} was not typed`);
  const health = async (): Promise<{ code: number; body: Record<string, string> }> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/health`, { signal: AbortSignal.timeout(20_000) });
    return { code: answer.status, body: (await answer.json()) as Record<string, string> };
  };

  before(async () => {
    await clearProject("escalafin");
    port = await freePort();
    // No npm is in the lab's base image: what `npm run build` made is taken along, where the generated file would build it once more.
    const prebuilt = String.raw`sed -i '/^RUN npm ci/d; s/^RUN npx .*/RUN mkdir -p public/' Dockerfile && sed -i '/^node_modules$/d; /^.next$/d' .dockerignore`;
    here = await place("escalafin", [
      [/^docker compose build$/, `${prebuilt} && docker compose build --build-arg BASE=aplomo-lab/node:latest`],
      [
        /^cp \.env\.example .*/,
        `$& && printf 'POSTGRES_IMAGE=aplomo-lab/postgres:latest\\n' >> .env && sed -i 's/PORT=3000/PORT=${port}/' .env && sed -i 's/watch: 60s/watch: 5s/' aplomo.yml`,
      ],
    ]);
    const left = /node_modules|\.next|\.env$/;
    await cp(join(root, "examples/citaplanner"), join(here.folder, "../citaplanner"), {
      recursive: true,
      filter: (path) => !left.test(path),
    });
    typed = await here.follow();
  });
  after(async () => {
    await clearProject("escalafin");
    for (const tag of ["local", "broken"]) await docker("rmi", "--force", `escalafin:${tag}`).catch(() => "");
    await here?.close();
  });

  it("README: the newcomer's path of escalafin goes from its faults to a proven backup", (t) => {
    assert.match(printed("aplomo backup run"), /168[0-9] rows.*proven by a restore/);
    said(t, printed("aplomo deploy"), /deployed: r1 is in front and proven/);
  });

  it("S4.1: point by point with a reference: what it has, what the subject has, and how much it matters", (t) => {
    const table = printed("! aplomo audit --against");
    for (const point of [
      "Dockerfile",
      "entrypoint",
      "health checks",
      "seed",
      "user",
      "migrations",
      "volumes",
      "deployment guide",
      "health route",
      "logs",
      "backups",
      "CI/CD",
    ]) {
      assert.match(table, new RegExp(`^\\| ${point} +\\| .+ \\| .+ \\| `, "m"));
    }
    said(t, table, /\| seed .*seed-deletes.*\| high +\|/);
    assert.match(table, /\| entrypoint .*\| medium +\|/);
    also(t, "aplomo/test/unit/audit/compare.test.ts");
  });

  it("S4.2: each gap has a file that closes it, in a plan that begins with quick wins, and the scores say so", async (t) => {
    assert.match(printed("! aplomo audit --against"), /Phase 1: quick wins[\s\S]*Phase 2:[\s\S]*Phase 3:/);
    const files = [
      "Dockerfile",
      ".dockerignore",
      "compose.yml",
      "app/api/health/route.js",
      ".github/workflows/deploy.yml",
      "docs/RUNBOOK.md",
      "aplomo.yml",
    ];
    for (const file of files) assert.ok((await stat(join(here.folder, file))).size > 0, file);
    const before = scores(printed("! aplomo audit"));
    const after = scores(printed("aplomo audit", 1));
    assert.deepEqual([before.size, after.size], [7, 7]);
    for (const [area, percent] of after)
      assert.ok(percent >= (before.get(area) ?? 101), `${area}: ${before.get(area)} % before, ${percent} % now`);
    assert.ok(Number(before.get("data")) < 80, printed("! aplomo audit"));
    assert.equal(after.get("data"), 100);
    said(t, printed("aplomo audit", 1), /nothing found in .*/);
    also(t, "aplomo/test/lab/audit/generate.test.ts");
  });

  it("S4.3: the health route says 200 with `database: connected`, or 503 with the reason, and when", async (t) => {
    const well = await health();
    assert.deepEqual([well.code, well.body["database"]], [200, "connected"]);
    assert.ok(!Number.isNaN(Date.parse(well.body["timestamp"] ?? "")));
    await docker("stop", "--time", "1", "escalafin-db-1");
    try {
      const ill = await health();
      assert.equal(ill.code, 503);
      assert.ok(ill.body["database"] !== "connected" && !Number.isNaN(Date.parse(ill.body["timestamp"] ?? "")), JSON.stringify(ill.body));
      const doctor = await here.type("aplomo doctor");
      assert.equal(doctor.code, 1, doctor.output);
      said(t, doctor.output, /.*\[(database-\w+|stopped|unhealthy|unit-missing)\].*/);
    } finally {
      await docker("start", "escalafin-db-1");
    }
  });

  it("S4.4: deployed by CI, and a release that fails there is taken back by itself; logs, metrics, alerts and instances are at hand", async (t) => {
    const workflow = await readFile(join(here.folder, ".github/workflows/deploy.yml"), "utf8");
    assert.match(workflow, /aplomo audit --since[\s\S]*aplomo deploy/);
    const context = join(here.folder, "../broken");
    await cp(join(here.folder, "docs"), context, { recursive: true });
    await writeFile(join(context, "Dockerfile"), 'FROM escalafin:local\nCMD ["node", "-e", "setTimeout(() => {}, 1500)"]\n');
    await docker("build", "--quiet", "--tag", "escalafin:broken", context);
    said(
      t,
      await here.expect(1, "sed -i '$ a IMAGE=escalafin:broken' .env && aplomo deploy"),
      /undone: r1 is in front as before \([\w.]+ failed\)/,
    );
    assert.equal((await health()).code, 200);
    for (const more of ["agent-watch", "dashboard", "deploy/edge-switches"]) also(t, `aplomo/test/lab/${more}.test.ts`);
    also(t, "runtime/test/lab/frameworks.test.ts");
  });
});
