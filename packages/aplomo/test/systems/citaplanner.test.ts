import assert from "node:assert/strict";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { docker } from "../support/compose.ts";
import { freePort } from "../support/edge-rig.ts";
import { whyNoCompose } from "../support/lab.ts";
import { clearProject } from "./compose-project.ts";
import { place, type Place, type Typed } from "./place.ts";
import { also, said } from "./told.ts";

const skip = whyNoCompose("V2") ?? false;

describe("citaplanner", { skip }, () => {
  let here: Place;
  let port = 0;
  let typed: Typed[] = [];
  const printed = (line: string): string => typed.find((one) => one.line.startsWith(line))?.output ?? assert.fail(`${line} was not typed`);
  const sql = (text: string): Promise<string> => docker("exec", "citaplanner-db-1", "psql", "-XqAt", "-U", "citaplanner", "-c", text);
  const inside = (...args: string[]): Promise<string> => docker("exec", "citaplanner-web-1", ...args);
  const count = async (table: string): Promise<number> => Number(await sql(`SELECT count(*) FROM ${table}`));

  /** The image of this version with other files, as a team's next build. */
  const nextVersion = async (version: string, migrations: Record<string, string>): Promise<void> => {
    const context = join(here.folder, `../${version}`);
    await mkdir(context);
    for (const [name, text] of Object.entries(migrations)) {
      await mkdir(join(context, "migrations", name), { recursive: true });
      await writeFile(join(context, "migrations", name, "migration.sql"), text);
    }
    const lines = ["FROM citaplanner:local", `ENV APP_VERSION=${version}`, "COPY --chown=1001:1001 migrations ./prisma/migrations/"];
    await writeFile(join(context, "Dockerfile"), `${lines.join("\n")}\n`);
    await docker("build", "--quiet", "--tag", `citaplanner:${version}`, context);
    const env = (await readFile(join(here.folder, ".env"), "utf8")).replace(/^CITAPLANNER_IMAGE=.*\n/m, "");
    await writeFile(join(here.folder, ".env"), `${env}CITAPLANNER_IMAGE=citaplanner:${version}\n`);
  };
  const shown = async (): Promise<string> =>
    /CitaPlanner (?:<!-- -->)?([\w.]+)/.exec(await (await fetch(`http://127.0.0.1:${port}/`)).text())?.[1] ?? "";

  before(async () => {
    await clearProject("citaplanner");
    port = await freePort();
    const substitutions = [
      ["PORT=3000", `PORT=${port}\nPOSTGRES_IMAGE=aplomo-lab/postgres:latest`],
      ["watch: 15s", "watch: 4s"],
    ] as const;
    here = await place("citaplanner", substitutions, { BASE_IMAGE: "aplomo-lab/node:latest" });
    typed = await here.follow();
  });
  after(async () => {
    await clearProject("citaplanner");
    for (const version of ["local", "2.0.0", "3.0.0"]) await docker("rmi", "--force", `citaplanner:${version}`).catch(() => "");
    await here?.close();
  });

  it("README: the newcomer's path of citaplanner ends with a proven backup", (t) => {
    assert.match(printed("docker compose exec"), /seed: 465 created, 8 already there/);
    said(t, printed("aplomo deploy"), /deployed: r1 is in front and proven/);
  });

  it("S3.1: the image has two stages, a user without rights that owns the files, and the needed modules alone", async (t) => {
    assert.equal(await docker("inspect", "-f", "{{.Config.User}}", "citaplanner-web-1"), "1001:1001");
    assert.deepEqual(
      (await inside("stat", "-c", "%u", "server.js", ".next/static", "prisma/seed.js", ".next/cache")).split("\n"),
      Array(4).fill("1001"),
    );
    const modules = (await inside("ls", "node_modules", "node_modules/@prisma")).split("\n");
    assert.ok(
      modules.includes("pg") && !["prisma", "typescript", "studio-core", "engines"].some((name) => modules.includes(name)),
      modules.join(" "),
    );
    assert.match(await readFile(join(here.folder, "Dockerfile"), "utf8"), /AS build[\s\S]*COPY --from=build --chown=1001:1001/);
    said(t, await here.expect(0, "aplomo audit --severity info"), /image +100 % .*/);
  });

  it("S3.2: the entrypoint looks, migrates, checks, seeds and becomes the server, and stops at the first that fails", async (t) => {
    assert.match(
      await docker("logs", "citaplanner-web-1"),
      /everything is in the image[\s\S]*where the migrations stand[\s\S]*all 2 migrations are applied[\s\S]*starting the server/,
    );
    assert.match(await inside("sh", "-c", "tr '\\0' ' ' </proc/1/cmdline"), /^next-server|^node server\.js/);
    const lacks = await here.type("docker run --rm --tmpfs /app/prisma citaplanner:local");
    assert.equal(lacks.code, 1);
    assert.match(lacks.output, /prisma\/migrate\.js is missing in this image/);
    await nextVersion("3.0.0", {
      "20251201090000_rota": 'ALTER TABLE "citas" ADD COLUMN "room" INTEGER NOT NULL REFERENCES "rooms" ("id");',
    });
    // By itself, without Aplomo: the server does not start on a schema that it does not fit.
    const alone = await here.type("RUN_MIGRATIONS=1 docker compose run --rm -T --no-deps web");
    assert.equal(alone.code, 1, alone.output);
    assert.match(alone.output, /20251201090000_rota failed: relation "rooms" does not exist/);
    assert.doesNotMatch(alone.output, /starting the server/);
    await sql("DELETE FROM _prisma_migrations WHERE migration_name LIKE '%rota'");
    const refused = await here.expect(1, "aplomo deploy");
    said(t, refused, /refused: nothing was touched, r1 is in front \([\w.]+ failed\)/);
    assert.equal(await shown(), "1.0.0");
    assert.equal(await count("_prisma_migrations"), 2);
  });

  it("S3.3: compose has a database health check, named volumes, restarts, a network of its own, an init script and harmless defaults", async (t) => {
    const config = JSON.parse(await here.expect(0, "docker compose config --format json")) as {
      services: Record<
        string,
        { healthcheck?: object; restart: string; depends_on?: Record<string, { condition: string }>; networks: object }
      >;
      networks: Record<string, { internal?: boolean }>;
    };
    const { web, db } = config.services;
    assert.deepEqual(
      [db?.restart, web?.restart, web?.depends_on?.["db"]?.condition],
      ["unless-stopped", "unless-stopped", "service_healthy"],
    );
    assert.ok(db?.healthcheck);
    assert.deepEqual([Object.keys(db.networks), config.networks["data"]?.internal], [["data"], true]);
    assert.equal(await sql("SHOW idle_in_transaction_session_timeout"), "1min");
    const without = await here.type(
      "grep -v ^POSTGRES_PASSWORD= .env | env -u POSTGRES_PASSWORD docker compose --env-file /dev/stdin config",
    );
    assert.notEqual(without.code, 0);
    assert.match(without.output, /POSTGRES_PASSWORD.*set it in \.env/);
    const unset = await here.type("mv .env kept.env; cp .env.example .env; aplomo check; code=$?; mv kept.env .env; exit $code");
    assert.equal(unset.code, 1, unset.output);
    said(t, unset.output, /.*POSTGRES_PASSWORD.*/);
    assert.match(printed("aplomo plan"), /data stays where it is: volume citaplanner_data on db/);
    assert.match(printed("aplomo plan"), /data stays where it is: volume citaplanner_cache on web/);
  });

  it("S3.4: the seed creates what is missing, deletes nothing, logs each row and ends with counts", async (t) => {
    await sql(
      "INSERT INTO users (email, name) VALUES ('ana@salon.example', 'Ana'); UPDATE servicios SET minutes = 25 WHERE name = 'Corte'",
    );
    const before = [await count("users"), await count("citas"), await sql("SELECT minutes FROM servicios WHERE name = 'Corte'")];
    const again = await inside("node", "prisma/seed.js");
    assert.match(again, /seed: user admin@citaplanner\.example is already there/);
    assert.match(again, /seed: 0 created, 8 already there/);
    assert.deepEqual([await count("users"), await count("citas"), await sql("SELECT minutes FROM servicios WHERE name = 'Corte'")], before);
    assert.deepEqual(before, [2, 315, "25"]);
    said(t, await here.expect(0, "aplomo audit --severity info"), /data +100 % .*/);
    also(t, "aplomo/test/lab/deploy/compose-rehearsal.test.ts");
  });

  it("S3.6: a record made before a redeploy is there after it", async (t) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/citas`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        day: "2031-03-03",
        time: "11:00",
        name: "Elena Ruiz",
        phone: "55 9999 1234",
        servicioId: 1,
        profesionalId: 1,
      }),
    });
    assert.equal(answer.status, 201);
    const made = (await answer.json()) as { id: number };
    const volume = await docker("volume", "inspect", "-f", "{{.CreatedAt}}", "citaplanner_data");
    await nextVersion("2.0.0", { "20251124090000_notas": `ALTER TABLE "citas" ADD COLUMN "nota" TEXT NOT NULL DEFAULT '';` });
    const deployed = await here.expect(0, "aplomo deploy");
    said(t, deployed, /deployed: r\d+ is in front and proven/);
    assert.match(deployed, /perform|rehears/i);
    assert.equal(await shown(), "2.0.0");
    const found = (await (await fetch(`http://127.0.0.1:${port}/api/citas?dia=2031-03-03`)).json()) as {
      id: number;
      cliente: { name: string };
    }[];
    assert.deepEqual(
      found.map(({ id, cliente }) => [id, cliente.name]),
      [[made.id, "Elena Ruiz"]],
    );
    assert.equal(await docker("volume", "inspect", "-f", "{{.CreatedAt}}", "citaplanner_data"), volume);
  });

  it("S3.7: the checklists before, during and after a deploy, and the watch after it", async (t) => {
    const plan = await here.expect(0, "aplomo plan");
    for (const item of [/check the environment/, /data stays where it is/, /back up database/, /check that every unit/])
      assert.match(plan, item);
    const report = await here.expect(0, "aplomo report");
    for (const item of [/\| author \|/, /\| version \| 1\.0\.0/, /protect\.backup/, /prove\.health/, /prove\.stability/])
      assert.match(report, item);
    assert.match(await here.expect(0, "aplomo verify"), /✓ check that the data's invariants hold/);
    said(t, await here.expect(0, "aplomo agent look --deep"), /✓ citaplanner: .*/);
  });

  it("S3.5: backups have tiers, names, checksums, permissions and a retention, are verified and restored in one command", async (t) => {
    const folder = join(here.home, "apps/citaplanner/backups/citaplanner");
    for (const tier of ["daily", "weekly", "monthly"]) {
      const names = await readdir(join(folder, tier));
      const dump =
        names.find((name) => new RegExp(`^citaplanner_${tier}_\\d{8}_\\d{6}\\.sql\\.gz$`).test(name)) ?? assert.fail(names.join(" "));
      assert.equal((await stat(join(folder, tier, dump))).mode & 0o777, 0o600);
      assert.equal((await here.type(`cd ${join(folder, tier)} && sha256sum -c ${dump}.sha256`)).code, 0);
    }
    assert.match(printed("aplomo backup run"), /proven by a restore/);
    assert.match(printed("aplomo backup verify"), /✓/);
    const schedule = await here.type("aplomo backup schedule");
    assert.match(schedule.output, /0 2 \* \* \*.*\n.*`aplomo agent` make the backups/);
    said(
      t,
      await here.expect(0, "aplomo backup prune --dry-run"),
      /Kept: each of the last 7 days; the last 4 Sundays.*the 1st of the last 6 months/,
    );
    await here.expect(0, "aplomo backup run");
    const before = await count("citas");
    await sql("DELETE FROM citas WHERE id % 2 = 0");
    assert.ok((await count("citas")) < before);
    await here.expect(0, "aplomo backup restore latest --yes");
    assert.equal(await count("citas"), before);
    const password = /^POSTGRES_PASSWORD=(.+)$/m.exec(await readFile(join(here.folder, ".env"), "utf8"))?.[1] ?? assert.fail();
    const holding = await here.type(`grep -rl ${password} ${here.home} --include='*.jsonl' --include='*.log' --include='*.json'`);
    assert.equal(holding.output, "");
    for (const { line, output } of typed) assert.ok(!output.includes(password), line);
    for (const more of ["schedule", "encryption", "offsite", "agent-watch"]) also(t, `aplomo/test/lab/${more}.test.ts`);
  });
});
