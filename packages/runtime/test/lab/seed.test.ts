// One seed through every client, on real databases: created once, found again, left alone when a person changed it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { need } from "../../../aplomo/test/support/need.ts";
import { binaries, type Cluster, startPostgres } from "../../../aplomo/test/support/postgres.ts";
import {
  drizzle,
  type DrizzleOperators,
  type Ensure,
  knex,
  mysql2,
  pg,
  prisma,
  type Row,
  seed,
  type SeedSummary,
  type Store,
} from "../../src/seed/index.ts";
import { type Maria, startMariadb } from "../support/mariadb.ts";
import { bench, mariadb } from "../support/places.ts";

const clients = need(bench !== undefined, "packages/runtime/test/install.sh was not run");
// oxlint-disable-next-line typescript/no-explicit-any -- clients that the workspace does not install, so without their types
const load = (name: string): any => createRequire(join(bench ?? "", "package.json"))(name);
const quiet = { log: () => undefined };
const at = new Date("2026-01-02T03:04:05Z");

interface Database {
  sql(text: string): Promise<string>;
}

const prismaSchema = `
generator client {
  provider = "prisma-client-js"
  output   = "client"
}
datasource db {
  provider = "postgresql"
}
model clinics {
  id     Int       @id @default(autoincrement())
  slug   String?   @unique
  name   String?
  opened DateTime? @db.Timestamptz
  price  Decimal?  @db.Decimal(8, 2)
  active Boolean?
}
model rooms {
  id     Int     @id @default(autoincrement())
  clinic Int?
  name   String?
  @@unique([clinic, name])
}
`;

/** The same story for every client; `tables` turns a name into what the client calls a table. */
async function story<Table>(store: Store<Table>, tables: (name: string) => Table, { sql }: Database): Promise<void> {
  const run = (broken = false): Promise<SeedSummary> =>
    seed(
      store,
      async (ensure: Ensure<Table>) => {
        const clinic = await ensure(
          tables("clinics"),
          { by: "slug" },
          { slug: "central", name: "Central", opened: at, price: "12.50", active: true },
        );
        assert.ok(Number(clinic.id) > 0, "the row comes back with what the database gave it");
        await ensure(tables("rooms"), { by: ["clinic", "name"] }, { clinic: clinic.id, name: "1" });
        if (broken) throw new Error("half-way");
      },
      quiet,
    );
  await assert.rejects(run(true), /half-way/);
  assert.equal(await sql("SELECT count(*) FROM clinics"), "0", "a failure leaves nothing");
  assert.deepEqual(counts(await run()), [2, 0, 0]);
  assert.deepEqual(counts(await run()), [0, 2, 0], "the second time all is there, as it was made");
  await sql("UPDATE clinics SET name = 'The Central'");
  assert.deepEqual(counts(await run()), [0, 1, 1]);
  assert.equal(await sql("SELECT name FROM clinics"), "The Central");
  await sql("DELETE FROM rooms");
  await sql("DELETE FROM clinics");
  const both = await Promise.all([run(), run()]);
  assert.deepEqual([both[0].created + both[1].created, both[0].present + both[1].present], [2, 2], "two at once make one");
  assert.equal(await sql("SELECT count(*) FROM rooms"), "1");
}

const counts = ({ created, present, changed }: SeedSummary): number[] => [created, present, changed];
const name = (table: string): string => table;

describe("on PostgreSQL", { skip: clients || need(binaries !== undefined, "no PostgreSQL server binaries") }, () => {
  let cluster: Cluster;
  const database: Database = { sql: (text) => cluster.sql("postgres", text) };
  before(async () => {
    cluster = await startPostgres();
    await database.sql(`CREATE TABLE clinics (id serial PRIMARY KEY, slug text UNIQUE, name text, opened timestamptz, price numeric(8, 2), active boolean);
      CREATE TABLE rooms (id serial PRIMARY KEY, clinic int, name text, UNIQUE (clinic, name))`);
  });
  after(() => cluster?.stop());
  const empty = (): Promise<string> => database.sql("TRUNCATE clinics, rooms");

  test("pg, with a pool and with a client", async () => {
    const { Pool, Client } = load("pg");
    const pool = new Pool({ connectionString: cluster.url("postgres") });
    await empty();
    await story(pg(pool), name, database);
    await pool.end();
    const client = new Client({ connectionString: cluster.url("postgres") });
    await client.connect();
    await seed(pg(client), async (ensure) => void (await ensure("public.clinics", { by: "slug" }, { slug: "south", name: null })), quiet);
    await client.end();
    assert.equal(await database.sql("SELECT count(*) FROM clinics WHERE slug = 'south'"), "1");
  });

  test("Knex", async () => {
    const client = load("knex")({ client: "pg", connection: { host: cluster.socket, user: "postgres", database: "postgres" } });
    await empty();
    await story(knex(client), name, database);
    await client.destroy();
  });

  test("Drizzle", async () => {
    const { drizzle: connect } = load("drizzle-orm/node-postgres");
    const { boolean, integer, numeric, pgTable, serial, text, timestamp } = load("drizzle-orm/pg-core");
    const schema: Record<string, object> = {
      clinics: pgTable("clinics", {
        id: serial(),
        slug: text(),
        name: text(),
        opened: timestamp({ withTimezone: true }),
        price: numeric(),
        active: boolean(),
      }),
      rooms: pgTable("rooms", { id: serial(), clinic: integer(), name: text() }),
    };
    const pool = new (load("pg").Pool)({ connectionString: cluster.url("postgres") });
    await empty();
    await story(drizzle(connect(pool), load("drizzle-orm") as DrizzleOperators), (table) => schema[table] ?? {}, database);
    await pool.end();
  });

  test("Prisma", async (t) => {
    const folder = join(bench ?? "", ".cache", `prisma-${process.pid}`);
    t.after(() => rm(folder, { recursive: true, force: true }));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "schema.prisma"), prismaSchema);
    await writeFile(join(folder, "prisma.config.mjs"), 'export default { schema: "schema.prisma" };');
    // Making the client needs no engine; this keeps it from being fetched.
    const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
    await promisify(execFile)(process.execPath, [join(bench ?? "", "node_modules/prisma/build/index.js"), "generate"], {
      cwd: folder,
      env,
    });
    const { PrismaClient } = load(join(folder, "client"));
    const { PrismaPg } = load("@prisma/adapter-pg");
    const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: cluster.url("postgres") }) });
    await empty();
    await story(prisma(client), name, database);
    await assert.rejects(
      seed(prisma(client), async (ensure) => void (await ensure("cats", { by: "id" }, { id: 1 })), quiet),
      /has no model cats/,
    );
    await client.$disconnect();
  });
});

describe("on MariaDB", { skip: clients || need(mariadb !== undefined, "no MariaDB: packages/runtime/test/install.sh") }, () => {
  let maria: Maria;
  const database: Database = { sql: (text) => maria.sql(text) };
  before(async () => {
    maria = await startMariadb();
    await database.sql(`CREATE TABLE clinics (id int AUTO_INCREMENT PRIMARY KEY, slug varchar(50) UNIQUE, name varchar(50), opened datetime, price decimal(8, 2), active boolean);
      CREATE TABLE rooms (id int AUTO_INCREMENT PRIMARY KEY, clinic int, name varchar(50), UNIQUE (clinic, name))`);
  });
  after(() => maria?.stop());
  const empty = (): Promise<string> => database.sql("TRUNCATE clinics; TRUNCATE rooms");

  test("mysql2, with a pool and with a connection", async () => {
    const { createPool, createConnection } = load("mysql2/promise");
    const pool = createPool(maria.url);
    await empty();
    await story(mysql2(pool), name, database);
    await pool.end();
    const connection = await createConnection(maria.url);
    const work = async (ensure: Ensure): Promise<void> => void (await ensure("clinics", { by: "slug" }, { slug: "south" } satisfies Row));
    await seed(mysql2(connection), work, quiet);
    await connection.end();
    assert.equal(await database.sql("SELECT count(*) FROM clinics WHERE slug = 'south'"), "1");
  });

  test("Knex", async () => {
    const client = load("knex")({ client: "mysql2", connection: maria.url });
    await empty();
    await story(knex(client), name, database);
    await client.destroy();
  });
});
