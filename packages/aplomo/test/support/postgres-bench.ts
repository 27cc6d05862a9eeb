import { Secret } from "../../src/base/secret.ts";
import { openDatabase } from "../../src/databases/index.ts";
import type { Database } from "../../src/databases/contract.ts";
import type { DatabaseSettings } from "../../src/config/schema.ts";
import { unique, type Bench, type Dialect } from "../contract/database.suite.ts";
import type { Cluster } from "./postgres.ts";
import { sqlDialect, runSql, startSql, type Server } from "./sql.ts";
import { databaseElsewhere, runElsewhere, testConfig, testContext } from "./bench.ts";

/** A throw-away server, reached by URL. */
export function byUrl(cluster: () => Cluster): Server {
  return {
    app: "probe",
    client: (database) => [
      `${cluster().bin}/psql`,
      ["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database],
      { ...process.env, PGHOST: cluster().socket, PGUSER: "postgres" },
    ],
    settings: () => ({ engine: "postgres", invariants: {} }),
    url: (database) => cluster().url(database),
  };
}

export async function postgresBench(server: Server, live = unique("app")): Promise<Bench & { live: string }> {
  await runSql(server, "postgres", `CREATE DATABASE "${live}";`);
  const made = [live];
  const settings = (database: string): Partial<DatabaseSettings> =>
    server.url ? { ...server.settings(database), url: new Secret(server.url(database)) } : server.settings(database);
  const open = (database: string): Database =>
    openDatabase(testContext("/nowhere"), testConfig(server.app, "/nowhere", { app: settings(database) }), "app");
  const database = open(live);
  const sql = async (text: string): Promise<void> => void (await runSql(server, live, text));
  return {
    live,
    database,
    reopen: () => open(live),
    async neighbour() {
      const name = unique("other");
      made.push(name);
      await runSql(server, "postgres", `CREATE DATABASE "${name}";`);
      return open(name);
    },
    sql,
    sqlIn: async (scratch, text) => void (await runSql(server, await database.place(scratch), text)),
    async write() {
      const loop = `DO $$ BEGIN LOOP
        INSERT INTO busy VALUES ((random() * 1e9)::int, 'x') ON CONFLICT DO NOTHING; COMMIT;
        IF random() < 0.3 THEN DELETE FROM busy WHERE id IN (SELECT id FROM busy LIMIT 1); COMMIT; END IF;
      END LOOP; END $$;`;
      const writers = [startSql(server, live, loop), startSql(server, live, loop)];
      while ((await runSql(server, live, "SELECT count(*) > 20 FROM busy;")) !== "t");
      return {
        async stop() {
          const ended = writers.map((writer) => new Promise((resolve) => writer.once("close", resolve)));
          await runSql(
            server,
            "postgres",
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${live}' AND query LIKE 'DO $$ BEGIN LOOP%';`,
          );
          await Promise.all(ended);
        },
      };
    },
    async begin(text) {
      const child = startSql(server, live, `BEGIN; ${text}\n\\echo begun`);
      await new Promise((resolve) => child.stdout?.once("data", resolve));
      return {
        async commit() {
          child.stdin?.end("COMMIT;\n");
          await new Promise((resolve) => child.once("close", resolve));
        },
      };
    },
    async swapAndDie(scratch, kept, afterMs) {
      const code = databaseElsewhere(server.app, "/nowhere", server.settings(live), server.url?.(live));
      await runElsewhere(`${code}\nawait db.swap(${JSON.stringify(scratch)}, ${JSON.stringify(kept)});`, afterMs);
    },
    async leftovers() {
      const sessions = await runSql(server, "postgres", `SELECT query FROM pg_stat_activity WHERE datname = '${live}';`);
      return [...sessions.split("\n").filter(Boolean), ...(await database.listScratch())];
    },
    async close() {
      for (const name of made) {
        const theirs = open(name);
        for (const scratch of await theirs.listScratch().catch(() => [])) await theirs.dropScratch(scratch);
        await runSql(server, "postgres", `DROP DATABASE IF EXISTS "${name}" WITH (FORCE);`);
      }
    },
  };
}

export const postgresDialect: Dialect = sqlDialect({
  types: { text: "text", blob: "bytea" },
  allBytes: "(SELECT string_agg(set_byte('\\x00'::bytea, 0, n % 256), ''::bytea ORDER BY n) FROM generate_series(0, 100000) n)",
  longText: (length) => `repeat('añb''\\"', ${length} / 6)`,
  everyType: `
    CREATE TYPE mood AS ENUM ('sad', 'it''s, "fine"'); CREATE TYPE pair AS (a int, b text); CREATE DOMAIN small AS int CHECK (VALUE < 10);
    CREATE TABLE typed (a smallint, b bigint, c numeric, d numeric(10,2), e real, f double precision, g boolean, h char(5), i varchar(9), j text,
      k bytea, l date, m time, n timetz, o timestamp, p timestamptz, q interval, r uuid, s json, t jsonb, u xml, v inet, w cidr, x macaddr,
      y bit(3), z varbit, aa int[], bb text[][], cc int4range, dd tstzrange, ee point, ff polygon, gg tsvector, hh tsquery, ii money,
      jj mood, kk pair, ll small, mm oid, nn pg_lsn, oo regclass, pp "char", qq name, rr jsonpath, ss mood[], tt int4multirange);
    INSERT INTO typed DEFAULT VALUES;
    INSERT INTO typed VALUES (-32768, 9223372036854775807, 'NaN', -99999999.99, '-0', 'Infinity', true, 'a', '', E'a\\tb\\nc\\\\.\\\\N\\r', '\\x00ff5c',
      '4713-01-01 BC', '24:00', '23:59:59.999999+15:59', 'infinity', '2026-11-22 10:00:00.123456+05:30', '-1 year 2 mons -3 days 04:05:06.789',
      '00000000-0000-0000-0000-000000000000', '{"b": 1,   "a": "\\u00e9", "a": 2}', '{"b": 1, "a": null}', '<a b="c">&lt;</a>', '::1/128', '10.0.0.0/8',
      '08:00:2b:01:02:03', '101', '', '{1,NULL,-3}', '{{a,"b,c"},{"NULL",""}}', 'empty', '[2020-01-01,)', '(1.1,-0)', '((0,0),(1,1),(1,0))',
      'a:1 b:2A', 'a & !b', '-92233720368547758.08', 'it''s, "fine"', '(1,"x, ""y""")', 9, 4294967295, 'FFFFFFFF/FFFFFFFF', 'pg_class', 'x', 'n',
      '$.a[*] ? (@ > 1)', '{sad,NULL}', '{[1,3),[5,)}');
    INSERT INTO typed (b, c, e, f) VALUES (0, 1.10, 0.1, 0.1 + 0.2), (0, 1.1, 1e-45, 5e-324);`,
  generated: `CREATE TABLE made (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, a int, twice int GENERATED ALWAYS AS (a * 2) STORED);
    INSERT INTO made (a) VALUES (1), (NULL);`,
  strangeNames: {
    sql: `CREATE SCHEMA "we.ird"; CREATE SCHEMA "UPPER case";
      CREATE TABLE "we.ird"."a ""b"" c" ("x y" int, "sel""ect" text); INSERT INTO "we.ird"."a ""b"" c" VALUES (1, 'x'), (2, NULL);
      CREATE TABLE "UPPER case"."select" (i int); INSERT INTO "UPPER case"."select" VALUES (1);
      CREATE TABLE "año 'ñ' 数据" (i int); INSERT INTO "año 'ñ' 数据" VALUES (1);
      CREATE TABLE "two\nlines (x) FROM stdin;" (i int); INSERT INTO "two\nlines (x) FROM stdin;" VALUES (1);
      CREATE TABLE ":name \\d" (i int); CREATE TABLE "audit.log" (i int); CREATE SCHEMA audit; CREATE TABLE audit.log (i int);`,
    counts: {
      '"we.ird"."a ""b"" c"': 2,
      "UPPER case.select": 1,
      "año 'ñ' 数据": 1,
      "two\nlines (x) FROM stdin;": 1,
      ":name \\d": 0,
      '"audit.log"': 0,
      "audit.log": 0,
    },
  },
  objects: `CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN small AS int CHECK (VALUE < 1000);
    CREATE TABLE people (id int PRIMARY KEY, name varchar(40) DEFAULT 'x' CHECK (name IN ('x', 'y', 'Ana')), mood mood, age small, email text, seen timestamptz DEFAULT now());
    ALTER TABLE people DROP COLUMN seen; ALTER TABLE people ADD COLUMN score numeric(5,1) DEFAULT -1.5;
    CREATE TABLE pets (id serial PRIMARY KEY, owner int REFERENCES people, name text NOT NULL, UNIQUE (owner, name), EXCLUDE USING btree (name WITH =));
    CREATE TABLE young (nick text) INHERITS (people);
    CREATE TABLE late (email text, id int NOT NULL, name varchar(40), mood mood, age small, score numeric(5,1)); ALTER TABLE late ADD CHECK (name IN ('x', 'y'));
    CREATE INDEX lower_name ON people (lower(name)) WHERE name NOT IN ('a', 'b'); CREATE INDEX gin ON pets USING gin (to_tsvector('english', name));
    CREATE VIEW named AS SELECT p.*, count(t.id) AS pets FROM people p LEFT JOIN pets t ON t.owner = p.id WHERE p.name IN ('x', 'y') GROUP BY p.id;
    CREATE MATERIALIZED VIEW totals AS SELECT mood, avg(score) FROM people GROUP BY 1; CREATE UNIQUE INDEX ON totals (mood);
    CREATE SEQUENCE tickets START 5; CREATE TABLE events (at date, n int) PARTITION BY RANGE (at);
    CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01'); CREATE TABLE events_d PARTITION OF events DEFAULT; CREATE INDEX ON events (n);
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := coalesce(NEW.name, 'it''s'); RETURN NEW; END $$;
    CREATE PROCEDURE nothing() LANGUAGE sql AS 'SELECT 1'; CREATE AGGREGATE total(int) (sfunc = int4pl, stype = int, initcond = '0');
    CREATE TRIGGER touched BEFORE INSERT ON people FOR EACH ROW WHEN (NEW.age > 1 OR NEW.age IS NULL) EXECUTE FUNCTION touch();
    ALTER TABLE pets ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON pets USING (name IN ('a', 'b')); CREATE RULE no_delete AS ON DELETE TO pets DO INSTEAD NOTHING;
    CREATE EXTENSION IF NOT EXISTS plpgsql; CREATE SCHEMA audit; CREATE TABLE audit.log (id bigint GENERATED ALWAYS AS IDENTITY, what jsonb DEFAULT '{}');
    CREATE TYPE pair AS (a int, b text); CREATE TYPE span AS RANGE (subtype = int); CREATE UNLOGGED TABLE cache (k text);
    ALTER TABLE pets ADD CONSTRAINT later CHECK (length(name) > 0) NOT VALID;`,
  sequences: {
    sql: `CREATE SCHEMA "we.ird"; CREATE SEQUENCE "we.ird"."it's"; SELECT setval('"we.ird"."it''s"', 9223372036854775807); SELECT nextval('tickets'), nextval('tickets');
      INSERT INTO pets (owner, name) VALUES (NULL, 'a'), (NULL, 'b'), (NULL, 'c');`,
    expected: { '"we.ird".it\'s': "9223372036854775807", "audit.log_id_seq": "1, not used yet", pets_id_seq: "3", tickets: "6" },
  },
  schemaChanges: {
    "a table": "CREATE TABLE another (id int);",
    "a column": "ALTER TABLE late ADD COLUMN x int;",
    "a collation": 'ALTER TABLE late ALTER COLUMN email TYPE text COLLATE "C";',
    "a column gone": "ALTER TABLE late DROP COLUMN email;",
    "a type": "ALTER TABLE late ALTER COLUMN id TYPE bigint;",
    "a length": "ALTER TABLE late ALTER COLUMN name TYPE varchar(41);",
    "a default": "ALTER TABLE people ALTER COLUMN score SET DEFAULT -2.5;",
    "NOT NULL": "ALTER TABLE people ALTER COLUMN email SET NOT NULL;",
    "an index": "CREATE INDEX ON people (email);",
    "an index's condition": "DROP INDEX lower_name; CREATE INDEX lower_name ON people (lower(name)) WHERE name NOT IN ('a', 'c');",
    "a constraint": "ALTER TABLE people ADD CHECK (age > 0);",
    "a constraint's brackets": "ALTER TABLE late ADD CONSTRAINT c CHECK ((id + 1) * 2 > 0);",
    "a constraint validated": "ALTER TABLE pets VALIDATE CONSTRAINT later;",
    "a foreign key": "ALTER TABLE late ADD FOREIGN KEY (id) REFERENCES people;",
    "a view":
      "CREATE OR REPLACE VIEW named AS SELECT p.*, count(t.id) AS pets FROM people p LEFT JOIN pets t ON t.owner = p.id WHERE p.name IN ('x', 'z') GROUP BY p.id;",
    "a materialized view":
      "DROP MATERIALIZED VIEW totals; CREATE MATERIALIZED VIEW totals AS SELECT mood, sum(score) FROM people GROUP BY 1;",
    "a trigger switched off": "ALTER TABLE people DISABLE TRIGGER touched;",
    "a trigger": "DROP TRIGGER touched ON people;",
    "a function's body": "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;",
    "a function": "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1';",
    "an aggregate": "DROP AGGREGATE total(int); CREATE AGGREGATE total(int) (sfunc = int4pl, stype = int, initcond = '1');",
    "a sequence": "ALTER SEQUENCE tickets INCREMENT 2;",
    "an enum's value": "ALTER TYPE mood ADD VALUE 'great';",
    "a domain": "ALTER DOMAIN small ADD CHECK (VALUE > -5);",
    "a composite type": "ALTER TYPE pair ADD ATTRIBUTE c int;",
    "a partition": "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');",
    "a policy": "DROP POLICY mine ON pets; CREATE POLICY mine ON pets USING (name IN ('a', 'c'));",
    "row security": "ALTER TABLE people ENABLE ROW LEVEL SECURITY;",
    "a rule": "DROP RULE no_delete ON pets;",
    "a schema": "CREATE SCHEMA more;",
    "an unlogged table": "ALTER TABLE cache SET LOGGED;",
  },
});
