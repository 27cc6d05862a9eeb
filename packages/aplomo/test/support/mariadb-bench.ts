import { Secret } from "../../src/base/secret.ts";
import type { DatabaseSettings } from "../../src/config/schema.ts";
import type { Database } from "../../src/databases/contract.ts";
import { openDatabase } from "../../src/databases/index.ts";
import { unique, type Bench, type Dialect } from "../contract/database.suite.ts";
import { databaseElsewhere, runElsewhere, testConfig, testContext } from "./bench.ts";
import type { Maria } from "./mariadb.ts";
import { sqlDialect, runSql, startSql, type Server } from "./sql.ts";

/** As an application that keeps to standard SQL sets it. */
const mode = "--init-command=SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,STRICT_ALL_TABLES'";
export const mariadbFlags = ["--no-defaults", "-BNnr", "--comments", "--default-character-set=utf8mb4", mode, "-uroot", "-h127.0.0.1"];

/** A throw-away server, reached by URL. */
export function byUrl(server: () => Maria): Server {
  return {
    app: "probe",
    client: (database) => ["mariadb", [...mariadbFlags, `-P${server().port}`, database], process.env],
    settings: () => ({ engine: "mariadb", invariants: {} }),
    url: (database) => `mysql://root@127.0.0.1:${server().port}/${encodeURIComponent(database)}`,
  };
}

/** Writes until it is killed. */
const writing = `BEGIN NOT ATOMIC WHILE 1 DO
  INSERT IGNORE INTO busy VALUES (FLOOR(RAND() * 1e9), 'x');
  IF RAND() < 0.3 THEN DELETE FROM busy LIMIT 1; END IF;
END WHILE; END//`;

export async function mariadbBench(server: Server, live = unique("app"), loop = writing): Promise<Bench & { live: string }> {
  await runSql(server, "mysql", `CREATE DATABASE "${live}";`);
  const made = [live];
  const settings = (database: string): Partial<DatabaseSettings> =>
    server.url ? { ...server.settings(database), url: new Secret(server.url(database)) } : server.settings(database);
  const open = (database: string): Database =>
    openDatabase(testContext("/nowhere"), testConfig(server.app, "/nowhere", { app: settings(database) }), "app");
  const database = open(live);
  const sessions = (): Promise<string> =>
    runSql(server, "mysql", `SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '${live}' AND INFO LIKE '%busy%';`);
  return {
    live,
    database,
    reopen: () => open(live),
    async neighbour() {
      const name = unique("other");
      made.push(name);
      await runSql(server, "mysql", `CREATE DATABASE "${name}";`);
      return open(name);
    },
    sql: async (text) => void (await runSql(server, live, text)),
    sqlIn: async (scratch, text) => void (await runSql(server, await database.place(scratch), text)),
    async write() {
      const writers = [1, 2].map(() => startSql(server, live, `DELIMITER //\n${loop}`));
      while ((await runSql(server, live, "SELECT count(*) > 20 FROM busy;")) !== "1");
      return {
        async stop() {
          const ended = writers.map((writer) => new Promise((resolve) => writer.once("close", resolve)));
          for (const id of (await sessions()).split("\n").filter(Boolean)) await runSql(server, "mysql", `KILL ${id};`).catch(() => {});
          await Promise.all(ended);
        },
      };
    },
    async begin(text) {
      const child = startSql(server, live, `BEGIN; ${text} SELECT 'begun';`);
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
      const left = await runSql(
        server,
        "mysql",
        `SELECT COALESCE(INFO, COMMAND) FROM information_schema.PROCESSLIST WHERE DB = '${live}';`,
      );
      return [...left.split("\n").filter(Boolean), ...(await database.listScratch())];
    },
    async close() {
      for (const name of made) {
        const theirs = open(name);
        for (const scratch of await theirs.listScratch().catch(() => [])) await theirs.dropScratch(scratch);
        await runSql(server, "mysql", `DROP DATABASE IF EXISTS "${name}";`);
      }
    },
  };
}

const everyByte = Array.from({ length: 256 }, (_, at) => at.toString(16).padStart(2, "0")).join("");

export const mariadbDialect: Dialect = sqlDialect({
  types: { text: "longtext", blob: "longblob" },
  allBytes: `REPEAT(UNHEX('${everyByte}'), 400)`,
  longText: (length) => `REPEAT('añb''\\\\"', ${length} / 6)`,
  everyType: `CREATE TABLE typed (a tinyint, b bigint, c bigint unsigned, d decimal(65,30), e float, f double, g boolean, h char(5), i varchar(9), j text,
      k binary(3), l varbinary(9), m blob, n date, o time(6), p datetime(6), q timestamp(6) NULL, r year, s json, t enum('a', 'it''s, "b"'), u set('x', 'y y'),
      v bit(13), w geometry, x uuid, y inet6, z varchar(20) CHARACTER SET latin1, aa text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, bb int(5) zerofill, cc inet4) CHARACTER SET utf8mb4;
    INSERT INTO typed () VALUES ();
    INSERT INTO typed VALUES (-128, -9223372036854775808, 18446744073709551615, -12345678901234567890123456789012345.123456789012345678901234567891,
      -0.5, 1.7976931348623157e308, true, 'a', '', 'tab\\tline\\nback\\\\quote''"', x'00ff27', x'', x'00275c0a', '1000-01-01', '-838:59:59.999999', '9999-12-31 23:59:59.999999',
      '2026-11-22 10:00:00.123456', 1901, '{"b": 1,   "a": "\\\\u00e9"}', 'it''s, "b"', 'x,y y', b'1000000000001', ST_GeomFromText('POLYGON((0 0,1 1,1 0,0 0))'),
      '00000000-0000-0000-0000-000000000000', '::1', 'ñandú', '数据 😀', 7, '10.0.0.1');
    INSERT INTO typed (b, d, e, f) VALUES (0, 1.10, 0.1, 0.1 + 0.2), (0, 1.1, 1e-30, 5e-324), (0, 0, 3.4e38, -1e-300);`,
  generated: `CREATE TABLE made (id int PRIMARY KEY AUTO_INCREMENT, a int, twice int AS (a * 2) STORED, thrice int AS (a * 3) VIRTUAL, hidden int INVISIBLE DEFAULT 7);
    INSERT INTO made (a) VALUES (1), (NULL);`,
  strangeNames: {
    sql: `CREATE TABLE "a ""b"" \`c\`" ("x y" int, "sel""ect" text, "back\`tick" int); INSERT INTO "a ""b"" \`c\`" VALUES (1, 'x),(', 2), (2, NULL, 3);
      CREATE TABLE "select" (i int); INSERT INTO "select" VALUES (1);
      CREATE TABLE "año 'ñ' 数据" (i int); INSERT INTO "año 'ñ' 数据" VALUES (1);
      CREATE TABLE "two\nlines (x); INSERT INTO" (i int); INSERT INTO "two\nlines (x); INSERT INTO" VALUES (1);
      CREATE TABLE ":name \\d" (i int); CREATE TABLE "audit.log" (i int); CREATE TABLE "-- Dump completed" (i int);`,
    counts: {
      'a "b" `c`': 2,
      select: 1,
      "año 'ñ' 数据": 1,
      "two\nlines (x); INSERT INTO": 1,
      ":name \\d": 0,
      "audit.log": 0,
      "-- Dump completed": 0,
    },
  },
  objects: `CREATE TABLE people (id int PRIMARY KEY, name varchar(40) DEFAULT 'x' CHECK (name IN ('x', 'y', 'Ana')), mood enum('sad', 'ok'), age int, email varchar(99), score decimal(5,1) DEFAULT -1.5) COMMENT 'who AUTO_INCREMENT=9';
    CREATE TABLE pets (id int PRIMARY KEY AUTO_INCREMENT, owner int, name varchar(50) NOT NULL, UNIQUE (owner, name), CONSTRAINT owned FOREIGN KEY (owner) REFERENCES people (id) ON DELETE CASCADE);
    CREATE TABLE late (email text, id int NOT NULL, name varchar(40)) CHARACTER SET latin1; CREATE TABLE cache (k int) ENGINE = Aria;
    INSERT INTO people (id, name) VALUES (1, 'Ana'); INSERT INTO pets (owner, name) VALUES (1, 'a'), (1, 'b');
    CREATE INDEX by_email ON people (email(10) ASC, age); CREATE FULLTEXT INDEX words ON pets (name);
    CREATE VIEW z_pets AS SELECT p.name, count(t.id) AS pets FROM people p LEFT JOIN pets t ON t.owner = p.id WHERE p.name IN ('x', 'y') GROUP BY p.id;
    CREATE SEQUENCE tickets START WITH 5; SELECT NEXTVAL(tickets);
    CREATE TABLE events (at date, n int) PARTITION BY RANGE (YEAR(at)) (PARTITION p1 VALUES LESS THAN (2026), PARTITION p2 VALUES LESS THAN MAXVALUE);
    DELIMITER //
    CREATE TRIGGER touched BEFORE INSERT ON people FOR EACH ROW BEGIN
      -- INSERT INTO \`people\` VALUES (1), (2);
      SET NEW.name = coalesce(NEW.name, 'x'); /* said 'ñ' */ END//
    CREATE TRIGGER touched_too BEFORE INSERT ON people FOR EACH ROW FOLLOWS touched SET NEW.age = 1//
    CREATE FUNCTION doubled(n int) RETURNS int DETERMINISTIC COMMENT 'it''s' RETURN n || 2//
    CREATE PROCEDURE nothing(IN a int, OUT b varchar(9)) BEGIN
  SELECT 'ñ', ";" INTO @x, @y; END//
    CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 03:00:00' DISABLE DO DELETE FROM late//
    DELIMITER ;
    CREATE VIEW a_view AS SELECT name, doubled(pets) AS pets FROM z_pets WHERE name <> 'ñ';`,
  sequences: {
    sql: "INSERT INTO pets (id, owner, name) VALUES (41, 1, 'c'); CREATE SEQUENCE \"it's `two`\" MAXVALUE 9223372036854775806; SELECT SETVAL(\"it's `two`\", 9223372036854775800);",
    expected: { pets: "42", tickets: "1005", "it's `two`": "9223372036854775801" },
  },
  schemaChanges: {
    "a table": "CREATE TABLE another (id int);",
    "a column": "ALTER TABLE late ADD COLUMN x int;",
    "a collation": "ALTER TABLE late MODIFY email text COLLATE latin1_bin;",
    "a column gone": "ALTER TABLE late DROP COLUMN email;",
    "a type": "ALTER TABLE late MODIFY id bigint NOT NULL;",
    "a length": "ALTER TABLE late MODIFY name varchar(41);",
    "a default": "ALTER TABLE people ALTER COLUMN score SET DEFAULT -2.5;",
    "NOT NULL": "ALTER TABLE pets MODIFY owner int NOT NULL;",
    "an index": "CREATE INDEX more ON people (email);",
    "an index's length": "DROP INDEX by_email ON people; CREATE INDEX by_email ON people (email(11), age);",
    "a constraint": "ALTER TABLE people ADD CHECK (age > 0);",
    "a foreign key": "ALTER TABLE late ADD owner int, ADD FOREIGN KEY (owner) REFERENCES people (id);",
    "a view": "CREATE OR REPLACE VIEW a_view AS SELECT name, doubled(pets) AS pets FROM z_pets WHERE name <> 'n';",
    "a trigger gone": "DROP TRIGGER touched_too;",
    "a trigger": "DROP TRIGGER touched; CREATE TRIGGER touched BEFORE INSERT ON people FOR EACH ROW SET NEW.name = 'y';",
    "a function's body": "DROP FUNCTION doubled; CREATE FUNCTION doubled(n int) RETURNS int DETERMINISTIC COMMENT 'it''s' RETURN n + 2;",
    "a procedure": "CREATE PROCEDURE more() SELECT 1;",
    "a sequence": "ALTER SEQUENCE tickets INCREMENT 2;",
    "an enum's value": "ALTER TABLE people MODIFY mood enum('sad', 'ok', 'great');",
    "a partition":
      "ALTER TABLE events REORGANIZE PARTITION p2 INTO (PARTITION p3 VALUES LESS THAN (2027), PARTITION p4 VALUES LESS THAN MAXVALUE);",
    "an engine": "ALTER TABLE cache ENGINE = InnoDB;",
    "an event": "ALTER EVENT nightly ON SCHEDULE EVERY 2 DAY;",
    "a comment": "ALTER TABLE late COMMENT = 'late';",
  },
});
