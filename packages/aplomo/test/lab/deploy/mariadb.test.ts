import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { stringify } from "yaml";
import { poll } from "../../../src/base/time.ts";
import { aplomo, failureOf, finishedOf, type AgendaRig } from "../../support/agenda.ts";
import { buildFixture, composeFixture, docker, textOf } from "../../support/compose.ts";
import { whyNoCompose } from "../../support/lab.ts";

const password = "a-planted_password-9c41";
const first = `CREATE TABLE people (id int PRIMARY KEY AUTO_INCREMENT, name varchar(40)); CREATE TABLE pets (id int PRIMARY KEY, owner int, FOREIGN KEY (owner) REFERENCES people (id));
INSERT INTO people (name) VALUES ('Ana'), ('Beto'), ('Cleo'); INSERT INTO pets VALUES (1, 1), (2, 3); DELETE FROM people WHERE name = 'Beto';
CREATE VIEW owners AS SELECT name FROM people JOIN pets ON owner = people.id;
DELIMITER //
CREATE TRIGGER tidy BEFORE INSERT ON people FOR EACH ROW SET NEW.name = TRIM(NEW.name)//
`;
/** Each of these is committed by itself, and stays when a later one fails. */
const half = `ALTER TABLE people ADD COLUMN nick varchar(40); UPDATE people SET name = UPPER(name), nick = name; DROP VIEW owners;
DROP TRIGGER tidy; CREATE TABLE extra (id int); DELETE FROM pets;
INSERT INTO people (name) VALUES ('made by the migration'); `;

/** The fixture with MariaDB's client and one migration. */
async function buildImage(app: string, version: string, migration: string): Promise<string> {
  const base = await buildFixture(version);
  const folder = await mkdtemp(join(tmpdir(), "aplomo-maria-image-"));
  try {
    await mkdir(join(folder, "migrations"));
    await writeFile(join(folder, "migrations/change.sql"), migration);
    const libraries = ["libedit.so.2", "libncurses.so.6", "libbsd.so.0"].map((name) => `/usr/lib/x86_64-linux-gnu/${name}`);
    const lines = [
      `FROM ${base}`,
      "COPY --from=aplomo-lab/mariadb /usr/bin/mariadb /usr/bin/mariadb",
      ...libraries.map((path) => `COPY --from=aplomo-lab/mariadb ${path} ${path}`),
      "RUN rm -rf migrations",
      "COPY migrations ./migrations",
    ];
    await writeFile(join(folder, "Dockerfile"), `${lines.join("\n")}\n`);
    const tag = `aplomo-test/${app}:v${version}`;
    await docker("build", "--quiet", "--tag", tag, folder);
    return tag;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("an app on MariaDB under compose", { skip: whyNoCompose("V2") ?? false }, () => {
  test("whose migration fails half-way has its data back as before, though nothing there can be rolled back", async (t) => {
    const app = await composeFixture({ volumes: { data: null } });
    const images: string[] = [];
    t.after(async () => {
      await app.close();
      for (const image of images) await docker("rmi", "--force", image).catch(() => "");
    });
    const rig = { folder: app.folder, env: { ...process.env, APLOMO_HOME: app.home } } as unknown as AgendaRig;
    const db = {
      image: "aplomo-lab/mariadb",
      env_file: ["app.env"],
      volumes: ["data:/var/lib/mysql"],
      healthcheck: { test: ["CMD", "healthcheck.sh", "--connect", "--innodb_initialized"], interval: "1s", retries: 60 },
    };
    const release = async (version: string, migration: string): Promise<void> => {
      const image = await buildImage(app.app, version, migration);
      images.push(image);
      app.options.services = { db };
      app.options.web = { image, depends_on: { db: { condition: "service_healthy" } } };
      await app.change({
        version,
        env: {
          MARIADB_ROOT_PASSWORD: password,
          MARIADB_DATABASE: "shop",
          MARIADB_USER: "shop",
          MARIADB_PASSWORD: password,
          MYSQL_PWD: password,
        },
      });
    };
    const command = ["sh", "-c", "exec mariadb --default-character-set=utf8mb4 -h db -u shop shop <migrations/change.sql"];
    await writeFile(
      join(app.folder, "aplomo.yml"),
      stringify({
        app: app.app,
        target: { kind: "compose", files: ["compose.yml"], services: ["web"] },
        env: { file: "app.env", require: { MARIADB_ROOT_PASSWORD: { secret: true } } },
        databases: { shop: { engine: "mariadb", service: "db", invariants: { people: { never_falls: true } } } },
        migrate: { service: "web", run: command, database: "shop", files: "migrations" },
        health: { service: "web", port: 3000, path: "/", public: [`${app.url}/`], within: "30s", watch: "2s" },
      }),
    );
    const client = ["exec", "-e", `MYSQL_PWD=${password}`, `${app.app}-db-1`, "mariadb", "-uroot", "-BN"];
    const sql = (text: string): Promise<string> => docker(...client, "shop", "-e", text);
    const state = async (): Promise<string[]> => [
      await sql("SELECT * FROM people; SELECT * FROM pets; SELECT * FROM owners;"),
      await sql("SHOW CREATE TABLE people; SHOW CREATE TABLE pets; SHOW CREATE VIEW owners;"),
      (await sql("SHOW TABLES;")) + (await sql("SELECT ACTION_STATEMENT FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = 'shop';")),
    ];

    await release("1", first);
    const deployed = await aplomo(rig, "deploy");
    assert.equal(deployed.code, 0, deployed.output.slice(-3_000));
    assert.equal(await textOf(`${app.url}/`), "1");
    await sql("INSERT INTO people (name) VALUES (' Dora ');");
    const before = await state();
    assert.match(before[0] ?? "", /4\tDora/);

    await release("2", `${half} SELECT * FROM nowhere;`);
    const refused = await aplomo(rig, "deploy");
    assert.deepEqual(
      [refused.code, finishedOf(refused).outcome, failureOf(refused).step],
      [1, "refused", "rehearse.release"],
      refused.output.slice(-3_000),
    );
    assert.match(JSON.stringify(failureOf(refused)), /nowhere/);
    assert.deepEqual(await state(), before);
    const failed = await aplomo(rig, "deploy", "--no-rehearsal");
    assert.equal(failed.code, 1, failed.output.slice(-3_000));
    assert.match(JSON.stringify(failureOf(failed)), /nowhere/);
    assert.deepEqual([finishedOf(failed).outcome, await textOf(`${app.url}/`)], ["undone", "1"]);
    assert.deepEqual(await state(), before);
    assert.doesNotMatch(failed.output, new RegExp(password));
    // The next row gets the number it would have got.
    await sql("INSERT INTO people (name) VALUES ('Eva');");
    assert.equal(await sql("SELECT id FROM people WHERE name = 'Eva';"), "5");

    await release("3", half);
    const done = await aplomo(rig, "deploy");
    assert.equal(done.code, 0, done.output.slice(-3_000));
    const answers = await poll(async () => ((await textOf(`${app.url}/`)) === "3" ? true : undefined), { limit: 10_000 });
    assert.ok(answers);
    assert.equal(await sql("SELECT count(*) FROM people WHERE nick IS NOT NULL;"), "4");
    const drill = await aplomo(rig, "backup", "drill", "--aside");
    assert.equal(drill.code, 0, drill.output.slice(-3_000));
    assert.match(drill.output, /"aside":\{"where":"container aplomo-aside-/);
    const left = await docker(...client, "-e", "SHOW DATABASES LIKE 'aplomo%';");
    assert.doesNotMatch(left, /drill|restore/);
  });
});
