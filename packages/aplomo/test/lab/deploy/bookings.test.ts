import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aplomo, failureOf, finishedOf, type Run } from "../../support/agenda.ts";
import { booker, bookingsRig } from "../../support/bookings.ts";
import { edgeProgram } from "../../support/edge-rigs.ts";
import { haveMariadb, startMariadb } from "../../support/mariadb.ts";
import { need } from "../../support/need.ts";
import { binaries, startPostgres } from "../../support/postgres.ts";

const full = Boolean(process.env["APLOMO_TEST_FULL"]);
const rounds = full ? 3 : 1;
const perSecond = 50;

interface Server {
  url: string;
  sql(text: string): Promise<string>;
  stop(): Promise<void>;
}

interface Engine {
  engine: "postgres" | "mariadb";
  skip: false | string;
  start(): Promise<Server>;
  /** SQL that fails on the live database alone: a copy's name is one of ours. */
  failsLive: string;
}

const engines: Engine[] = [
  {
    engine: "postgres",
    skip: need(binaries !== undefined, "no PostgreSQL server's programs in /usr/lib/postgresql"),
    async start() {
      const cluster = await startPostgres();
      return { url: cluster.url("postgres"), sql: (text) => cluster.sql("postgres", text), stop: () => cluster.stop() };
    },
    failsLive: `-- no transaction
ALTER TABLE bookings RENAME COLUMN who TO guest;
DO $$ BEGIN IF current_database() NOT LIKE 'aplomo%' THEN RAISE EXCEPTION 'not on the live one'; END IF; END $$;`,
  },
  {
    engine: "mariadb",
    skip: full ? need(haveMariadb(), "no MariaDB server and client programs") : "a long round: script/test --full",
    async start() {
      const maria = await startMariadb();
      await maria.sql("GRANT ALL ON *.* TO app");
      return { url: maria.url, sql: (text) => maria.sql(text), stop: () => maria.stop() };
    },
    failsLive: `ALTER TABLE bookings RENAME COLUMN who TO guest;
DELIMITER //
BEGIN NOT ATOMIC IF DATABASE() NOT LIKE 'aplomo%' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not on the live one'; END IF; END//`,
  },
];

for (const { engine, skip, start, failsLive } of engines) {
  describe(`${perSecond} bookings a second on ${engine}`, { skip: skip || edgeProgram("caddy").skip }, () => {
    it(`are in the database when they were confirmed, and no others, in ${rounds} of ${rounds} rounds`, async (t) => {
      for (let round = 1; round <= rounds; round += 1) {
        const server = await start();
        const rig = await bookingsRig(engine, server.url, edgeProgram("caddy").program);
        const deploy = (): Promise<Run> => aplomo(rig, "deploy");
        let client: ReturnType<typeof booker> | undefined;
        try {
          await rig.assemble("name", "CREATE TABLE bookings (id integer PRIMARY KEY, name varchar(40) NOT NULL);");
          expectWay(await deploy(), undefined);
          client = booker(rig.port, perSecond);
          await rig.assemble("name", "ALTER TABLE bookings ADD COLUMN note varchar(40);");
          expectWay(await deploy(), "live");
          await rig.assemble("who", `ALTER TABLE bookings ${engine === "postgres" ? "RENAME name" : "RENAME COLUMN name"} TO who;`);
          expectWay(await deploy(), "hold");
          await rig.assemble("guest", failsLive);
          const failed = await deploy();
          assert.deepEqual(
            [failed.code, finishedOf(failed).outcome, failureOf(failed).step],
            [1, "undone", "change.migrate"],
            failed.output.slice(-3_000),
          );
          const told = await client.stop();
          const rows = (await server.sql("SELECT id FROM bookings ORDER BY id")).split("\n").map(Number);
          t.diagnostic(`${engine}, round ${round}: ${told.confirmed.length} confirmed, ${rows.length} rows, ${told.failed.length} failed`);
          assert.deepEqual(rows, told.confirmed);
          assert.deepEqual(told.failed.slice(0, 5), []);
          assert.ok(told.confirmed.length > 500, `${told.confirmed.length} confirmed`);
        } finally {
          await client?.stop();
          await rig.close();
          await server.stop();
        }
      }
    });
  });
}

function expectWay(run: Run, way: string | undefined): void {
  assert.equal(run.code, 0, run.output.slice(-3_000));
  const ended = run.events.find((event) => event.type === "step.ended" && event.step === "rehearse.release");
  assert.equal(ended?.type === "step.ended" ? ended.evidence["way"] : undefined, way, run.output.slice(-3_000));
}
