import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { docker } from "../support/compose.ts";
import { whyNoHosts } from "../support/lab.ts";
import { buildProgram } from "../support/laptop.ts";
import { accountOnServer, type Place as Account } from "../support/remote-place.ts";
import { place, type Place, type Typed } from "./place.ts";
import { also, said } from "./told.ts";

const skip = whyNoHosts() ?? false;
const registry = process.env["APLOMO_LAB_REGISTRY"] ?? "";
const services = ["backend", "bank-advisor", "file-manager", "web"];

/** Debian's Python, as the official image has it: no image can be pulled. */
async function buildPython(): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), "aplomo-python-"));
  const install = "apt-get update && apt-get install -y --no-install-recommends python3 && apt-get clean && rm -rf /var/lib/apt/lists/*";
  await writeFile(join(context, "Dockerfile"), `FROM aplomo-lab/base\nRUN ${install}\n`);
  await docker("build", "--quiet", "--tag", "aplomo-lab/python", context);
  await rm(context, { recursive: true });
}

describe("octavios", { skip }, () => {
  let here: Place;
  let server: Account;
  let program = "";
  let typed: Typed[] = [];
  const [web, backend] = [20_000, 20_001].map((port) => port + 2 * (process.pid % 4_000)) as [number, number];
  const printed = (line: string): string => typed.find((one) => one.line.startsWith(line))?.output ?? assert.fail(`${line} was not typed`);
  const container = (service: string): Promise<string> =>
    server.asRoot(`docker ps -q --filter label=com.docker.compose.project=octavios --filter label=com.docker.compose.service=${service}`);
  /** The ids of the images that run, by service. */
  const images = async (): Promise<Record<string, string>> => {
    const inspected = services.map(async (service) => [
      service,
      await server.asRoot(`docker inspect -f '{{.Image}}' ${await container(service)}`),
    ]);
    return Object.fromEntries(await Promise.all(inspected)) as Record<string, string>;
  };
  const sql = async (text: string): Promise<string> =>
    server.asRoot(`docker exec ${await container("postgres")} psql -XqAt -U octavios -d bankadvisor -c "${text}"`);
  /** An expression about the collection of users, in the backend's own Python. */
  const users = async (expression: string): Promise<string> =>
    server.asRoot(`docker exec ${await container("backend")} python3 -c 'from people import users; print(users.${expression})'`);
  const page = (port: number, path: string): Promise<string> => server.asRoot(`curl -fsS --max-time 10 http://127.0.0.1:${port}${path}`);
  const commit = async (message: string): Promise<void> => {
    await here.expect(0, `git add -A && git commit -qm "${message}" && git push -q`);
  };
  /** On the server itself, as the account there. */
  const onServer = async (command: string): Promise<{ code: number; output: string }> => {
    const home = `/home/${server.user}/.local/state/aplomo`;
    const line = `cd ${home}/apps/octavios/work && NO_COLOR=1 ${home}/server/current/aplomo ${command} 2>&1; echo "code $?"`;
    const output = await server.asRoot(`su - ${server.user} -c '${line}'`);
    return { code: Number(/code (\d+)$/.exec(output)?.[1]), output };
  };
  const clear = (): Promise<string> =>
    server.asRoot(
      'l="--filter label=com.docker.compose.project=octavios";' +
        " docker ps -aq $l | xargs -r docker rm -fv >/dev/null; docker volume ls -q $l | xargs -r docker volume rm >/dev/null; docker network ls -q $l | xargs -r docker network rm >/dev/null; true",
    );

  before(async () => {
    program = await mkdtemp(join(tmpdir(), "aplomo-program-"));
    server = await accountOnServer(`o${process.pid}`);
    await clear();
    await buildPython();
    for (const engine of ["postgres", "mongodb"]) {
      await docker("tag", `aplomo-lab/${engine}`, `${registry}/aplomo-test/${engine}`);
      await docker("push", "--quiet", `${registry}/aplomo-test/${engine}`);
    }
    here = await place(
      "octavios",
      [
        [
          "WEB_PORT=3000",
          `WEB_PORT=${web}\nPOSTGRES_IMAGE=${registry}/aplomo-test/postgres\nMONGODB_IMAGE=${registry}/aplomo-test/mongodb`,
        ],
        ["BACKEND_PORT=8000", `BACKEND_PORT=${backend}`],
        ["host: deploy@octavios.example", "host: server\n  ssh_config: .ssh/config"],
        [/build: apps\/web,/, "build: apps/web, args: { BASE: aplomo-lab/node },"],
        [/build: (apps\/(?:api|bank-advisor|file-manager)),/, "build: $1, args: { BASE: aplomo-lab/python },"],
        ["registry.octavios.example", `${registry}/aplomo-test`],
        ["watch: 60s", "watch: 6s"],
      ],
      { DOCKER_BUILDKIT: "0" },
      await buildProgram(program),
    );
    await mkdir(join(here.folder, ".ssh"));
    await writeFile(join(here.folder, ".ssh/known_hosts"), server.known);
    const lines = [
      "Host server",
      `HostName ${server.hostname}`,
      `User ${server.user}`,
      `IdentityFile ${server.identity}`,
      "IdentitiesOnly yes",
    ];
    lines.push(`UserKnownHostsFile ${join(here.folder, ".ssh/known_hosts")}`);
    await writeFile(join(here.folder, ".ssh/config"), `${lines.join("\n  ")}\n`);
    await here.edit("infra/docker-compose.registry.yml", /registry\.octavios\.example/g, `${registry}/aplomo-test`);
    await here.edit(".gitignore", /$/, ".ssh/\n");
    await here.expect(0, "git init -q -b main && git config user.name t && git config user.email t@octavios.example");
    await here.expect(0, "git init -q --bare ../remote.git && git remote add origin ../remote.git && git add -A && git commit -qm first");
    await here.expect(0, "git push -qu origin main");
    typed = await here.follow();
  });
  after(async () => {
    if (!server) return;
    await clear();
    await server.close();
    await here?.close();
    await rm(program, { recursive: true, force: true });
  });

  it("README: the newcomer's path of octavios ends with four services on the server, and a proven backup", async (t) => {
    assert.match(await page(web, "/"), /54.*instituciones.*7320/s);
    assert.match(printed("aplomo backup run"), /7375 rows.*proven by a restore/);
    assert.match(printed("aplomo backup run"), /octavios.* 8 rows.*proven by a restore/);
    assert.equal((JSON.parse(await page(backend, "/api/users")) as unknown[]).length, 8);
    said(t, printed("aplomo deploy"), /deployed: r1 is in front and proven/);
  });

  it("S5.1: images are built on the laptop, pushed, proven to be in the registry, and pulled by the server", async (t) => {
    const build = printed("aplomo build");
    said(t, build, /.*backend.*@?sha256:[0-9a-f]{6,}.*|.*backend.*registry.*/);
    for (const service of services) {
      const running = await server.asRoot(`docker inspect -f '{{.Config.Image}}' ${await container(service)}`);
      const known = await server.asRoot(`docker image inspect -f '{{join .RepoDigests " "}}' ${running}`);
      assert.match(known, new RegExp(`${registry}/aplomo-test/octavios/${service}@sha256:`));
    }
    assert.equal(await server.asRoot("docker images -q aplomo-lab/python"), "", "nothing was built there");
    also(t, "aplomo/test/lab/images.test.ts");
  });

  it("S5.2: a release is pinned by digests; 0.1.10 follows 0.1.9 without a regular expression", async (t) => {
    await here.edit("package.json", "0.1.9", "0.1.10");
    await here.edit("apps/api/main.py", 'title="OctaviOS"', 'title="OctaviOS 0.1.10"');
    await commit("0.1.10");
    const build = await here.expect(0, "aplomo build backend");
    said(t, build, /.*0\.1\.10-[0-9a-f]+.*/);
    const release = await server.asRoot(`cat /home/${server.user}/.local/state/aplomo/apps/octavios/releases/r1/compose.yml`);
    assert.equal([...release.matchAll(/sha256:[0-9a-f]{64}/g)].length >= services.length, true, release);
  });

  it("S5.6: four scenarios, each one command: code of one service, schema, environment, and back with the data", async (t) => {
    const one = await images();
    // Code only: of one service, which was built above.
    await here.expect(0, "aplomo deploy");
    const two = await images();
    assert.deepEqual(
      services.filter((name) => two[name] !== one[name]),
      ["backend"],
    );
    // Schema.
    const revision = `from alembic import op\n\nrevision = "0002"\ndown_revision = "0001"\nbranch_labels = None\ndepends_on = None\n\n\ndef upgrade() -> None:\n    op.execute("ALTER TABLE monthly_kpis ADD COLUMN roe numeric(8, 4)")\n\n\ndef downgrade() -> None:\n    pass\n`;
    await writeFile(join(here.folder, "apps/bank-advisor/migrations/versions/0002_roe.py"), revision);
    await commit("roe");
    await here.expect(0, "aplomo build bank-advisor");
    const schema = await here.expect(0, "aplomo deploy");
    assert.equal(await sql("SELECT version_num FROM alembic_version"), "0002");
    assert.match(schema, /rehears|perform/i);
    // Environment only: another host is allowed.
    const env = await readFile(join(here.folder, "envs/.env"), "utf8");
    await writeFile(join(here.folder, "../new.env"), env.replace("back.octavios.example", "api.octavios.example"), { mode: 0o600 });
    await here.expect(0, "aplomo env push ../new.env");
    const changed = await here.expect(0, "aplomo deploy --env-only");
    said(t, changed, /deployed: r\d+ is in front and proven/);
    // Back to before the schema changed, with the data of then.
    await here.expect(0, "aplomo rollback");
    await here.expect(0, "aplomo rollback r2 --with-data");
    assert.equal(await sql("SELECT version_num FROM alembic_version"), "0001");
    assert.equal(await sql("SELECT count(*) FROM monthly_kpis"), "7320");
  });

  it("S5.3: the environment is checked before anything is touched, and held against what is inside the containers after it", async (t) => {
    const wrong: [string, RegExp][] = [
      ["s/^SECRET_KEY=.*/SECRET_KEY=q8Zr2vLw9sKx/", /SECRET_KEY.*/],
      ["s/^JWT_SECRET_KEY=.*/JWT_SECRET_KEY=/", /JWT_SECRET_KEY.*/],
      ['s/^ALLOWED_HOSTS=.*/ALLOWED_HOSTS=["invex.octavios.example"]/', /ALLOWED_HOSTS.*/],
      ['s#^CORS_ORIGINS=.*#CORS_ORIGINS=["https://invex.octavios.example"]#', /CORS_ORIGINS.*/],
    ];
    for (const [change, names] of wrong) {
      const checked = await here.type(
        `cp envs/.env ../kept.env; sed -i '${change}' envs/.env; aplomo env check; code=$?; mv ../kept.env envs/.env; exit $code`,
      );
      assert.equal(checked.code, 1, checked.output);
      assert.match(checked.output, names);
      if (change.includes("ALLOWED_HOSTS")) said(t, checked.output, names);
    }
    const inside = await server.asRoot(`docker exec ${await container("backend")} printenv ALLOWED_HOSTS`);
    assert.equal(inside, "invex.octavios.example,back.octavios.example,127.0.0.1");
    assert.match(await here.expect(0, "aplomo verify"), /✓ check that every unit runs this release's image and environment/);
    also(t, "aplomo/test/lab/deploy/compose.test.ts");
  });

  it("S5.5: containers are made anew, not restarted: the environment inside is the new one", async (t) => {
    const before = await container("backend");
    const env = await readFile(join(here.folder, "envs/.env"), "utf8");
    await writeFile(
      join(here.folder, "../new.env"),
      env.replace(/^CORS_ORIGINS=.*$/m, "CORS_ORIGINS=https://invex.octavios.example,https://www.octavios.example"),
    );
    await here.expect(0, "aplomo env push ../new.env");
    said(t, await here.expect(0, "aplomo deploy --env-only"), /✓ check that every unit runs this release's image and environment.*/);
    const after = await container("backend");
    assert.notEqual(after, before);
    assert.match(await server.asRoot(`docker exec ${after} printenv CORS_ORIGINS`), /www\.octavios\.example/);
  });

  it("S5.4: a dump before each deploy, and a restore counts only with its numbers", async (t) => {
    const report = await here.expect(0, "aplomo report");
    said(t, report, /protect\.backup\.bankadvisor.*"instituciones":54,"monthly_kpis":7320/);
    assert.match(report, /protect\.backup\.octavios.*"users":8/);
    const run = await here.expect(0, "aplomo backup run");
    const [, numbers] = /✓ (octavios_daily_\S+): 7375 rows/.exec(run) ?? assert.fail(run);
    assert.match(run, /✓ octavios_daily_\S+: 8 rows/);
    await sql("DELETE FROM monthly_kpis WHERE month > 3");
    const poor = await here.type("aplomo backup run");
    assert.equal(poor.code, 1, poor.output);
    assert.match(poor.output, /invariant monthly_kpis: \d+, at least 7000 expected/);
    // `latest` passes it by and says so; by its name it is taken back by itself; the one with all rows is complete.
    const passing = await here.expect(0, "aplomo backup restore latest --database bankadvisor --yes");
    const [, short] = /(octavios_daily_\S+)\s+is\s+newer,\s+and\s+failed\s+its\s+proof/.exec(passing) ?? assert.fail(passing);
    assert.match(await here.expect(1, `aplomo backup restore ${short} --database bankadvisor --yes`), /undone.*change\.invariants failed/);
    await here.expect(0, `aplomo backup restore ${numbers} --database bankadvisor --yes`);
    assert.deepEqual([await sql("SELECT count(*) FROM monthly_kpis"), await sql("SELECT count(*) FROM instituciones")], ["7320", "54"]);
    // MongoDB's people, in the same words.
    await users('delete_many({"name": {"$gt": "Carla"}})');
    assert.match(await here.expect(1, "aplomo backup run octavios"), /invariant users: 3, at least 8 expected/);
    // The second run's backup has taken the day from the first one's.
    await here.expect(0, "aplomo backup restore latest --database octavios --yes");
    assert.equal(await users("count_documents({})"), "8");
  });

  it("S5.10: a local dump becomes production's data, completely and verified; a partial one never does", async (t) => {
    const work = `/home/${server.user}/.local/state/aplomo/apps/octavios/work`;
    const postgres = await container("postgres");
    const dump = `docker exec ${postgres} pg_dump -U octavios bankadvisor`;
    // The partial one: of monthly_kpis' rows the first 206.
    const cut = String.raw`awk "/^COPY public.monthly_kpis/{c=1} /^\\\\\\./{c=0} {if(c&&n++>206)next; print}"`;
    await server.asRoot(
      `${dump} | gzip > ${work}/whole.sql.gz; ${dump} | ${cut} | gzip > ${work}/part.sql.gz; chown ${server.user} ${work}/*.gz`,
    );
    const expected = "--to bankadvisor --expect monthly_kpis=7320 --expect instituciones=54 --yes";
    const part = await onServer(`data push part.sql.gz ${expected}`);
    assert.equal(part.code, 1, part.output);
    said(t, part.output, /monthly_kpis: 7320 rows expected, 206 came/);
    await sql("UPDATE monthly_kpis SET imor = 0");
    const whole = await onServer(`data push whole.sql.gz ${expected}`);
    assert.equal(whole.code, 0, whole.output);
    assert.equal(await sql("SELECT count(*) FROM monthly_kpis WHERE imor > 0"), "7320");
  });

  it("S5.7: waiting is polling with a limit, and nothing sleeps", async (t) => {
    said(t, await here.expect(0, "aplomo report"), /prove\.health\*\*: healthyAfterMs \d+/);
    const files = (await readdir(here.folder, { recursive: true })).filter(
      (name) => /\.(py|js|sh|yml)$/.test(name) && !/vendor|node_modules|\.next/.test(name),
    );
    for (const file of files) assert.doesNotMatch(await readFile(join(here.folder, file), "utf8"), /\bsleep\b/, file);
  });

  it("S5.11: before a deploy the tree is clean, pushed, and the version another one", async (t) => {
    await here.edit("apps/api/main.py", "0.1.10", "0.1.11");
    const dirty = await here.type("aplomo deploy");
    assert.equal(dirty.code, 1, dirty.output);
    said(t, dirty.output, /.*not committed.*/);
    await here.expect(0, "git commit -qam unpushed");
    const ahead = await here.type("aplomo deploy");
    assert.equal(ahead.code, 1, ahead.output);
    assert.match(ahead.output, /origin\/main lacks 1 commit of this branch/);
    await here.expect(0, "git push -q");
    assert.match((await here.type("aplomo plan")).output, /check that the source is committed and in step/);
  });

  it("S5.9: a container that does not start is explained, and the old one serves", async (t) => {
    // The schema of then is in front again, and so are the revisions of then: only code is another.
    await rm(join(here.folder, "apps/bank-advisor/migrations/versions/0002_roe.py"), { force: true });
    await here.edit("apps/api/main.py", "from people import", "import octavios_telemetry\nfrom people import");
    await commit("telemetry");
    await here.expect(0, "aplomo build backend bank-advisor");
    const failed = await here.expect(1, "aplomo deploy");
    said(t, failed, /cause .*\[module-missing\].*/);
    assert.match(failed, /undone: r\d+ is in front as before|refused/);
    assert.match(await page(web, "/"), /7320/);
    for (const more of ["doctor/compose", "data-push"]) also(t, `aplomo/test/lab/${more}.test.ts`);
  });

  it("S5.8: the checklist is a document with date, version, author, and each item's evidence", async (t) => {
    const report = await here.expect(0, "aplomo report d1");
    for (const item of [/\| started \| 20\d\d-/, /\| author \| .+ \|/, /\| version \| 0\.1\.9/, /## Evidence/, /prove\.smoke\*\*: answers/])
      assert.match(report, item);
    said(t, report, /\| outcome \| \*\*deployed\*\* \|/);
  });
});
