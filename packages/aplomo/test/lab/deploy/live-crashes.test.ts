import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { aplomo, aplomoWhile, runProgram, type AgendaRig, type Run } from "../../support/agenda.ts";
import { booker, bookingsRig } from "../../support/bookings.ts";
import { dyingEngine } from "../../support/cli.ts";
import { edgeProgram } from "../../support/edge-rigs.ts";
import { haveMariadb, startMariadb } from "../../support/mariadb.ts";
import { need } from "../../support/need.ts";
import { binaries, startPostgres } from "../../support/postgres.ts";
import { boundaries, type Line } from "./crashes.ts";

const long = process.env["APLOMO_TEST_FULL"] ? false : "a long round: script/test --full";

/** Milliseconds after a file of the migration is begun at which the command is killed. */
const within = [5, 40, 80, 160, 320];

const engines = [
  {
    engine: "postgres" as const,
    phases: /^(change|switch|prove|keep)\./,
    skip: need(binaries !== undefined, "no PostgreSQL server's programs in /usr/lib/postgresql"),
    async start() {
      const cluster = await startPostgres();
      return { url: cluster.url("postgres"), sql: (text: string) => cluster.sql("postgres", text), stop: () => cluster.stop() };
    },
  },
  {
    engine: "mariadb" as const,
    // What comes behind it knows no engine.
    phases: /^change\./,
    skip: need(haveMariadb(), "no MariaDB server and client programs"),
    async start() {
      const maria = await startMariadb();
      await maria.sql("GRANT ALL ON *.* TO app");
      return { url: maria.url, sql: (text: string) => maria.sql(text), stop: () => maria.stop() };
    },
  },
];

for (const { engine, skip, start, phases } of engines)
  it(
    `a live change on ${engine} that is killed at every boundary loses no booking, and ends with one release in front`,
    { skip: long || skip || edgeProgram("caddy").skip },
    async (t) => {
      const server = await start();
      const bookings = await bookingsRig(engine, server.url, edgeProgram("caddy").program);
      const rig = bookings as unknown as AgendaRig;
      let client: ReturnType<typeof booker> | undefined;
      let column = 0;
      const unfinished = (): Promise<string> => server.sql("SELECT name FROM aplomo_migrations WHERE finished_at IS NULL");
      const next = (): Promise<void> => bookings.assemble("name", `ALTER TABLE bookings ADD COLUMN c${(column += 1)} integer;`);
      try {
        await bookings.assemble("name", "CREATE TABLE bookings (id integer PRIMARY KEY, name varchar(40) NOT NULL);");
        assert.equal((await aplomo(rig, "deploy")).code, 0);
        await next();
        assert.equal((await aplomo(rig, "deploy")).code, 0);
        const text = await readFile(join(String(rig.env["APLOMO_HOME"]), "apps/bookings/deployments/d2/journal.jsonl"), "utf8");
        const lines = text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line) as Line);
        assert.match(text, /"way":"live"/);
        const from = lines.findIndex(({ step }) => step === "change.hold") + 1;
        client = booker(bookings.port, 50);
        const moments = boundaries(lines).filter(([, line]) => line >= from && phases.test(lines[line - 1]?.step ?? "change."));
        const recover = async (died: Run, where: string): Promise<void> => {
          assert.equal(died.code, null, `${where}: it did not die: ${died.output.slice(-3_000)}`);
          const recovered = await aplomo(rig, "recover");
          assert.equal(recovered.code, 0, `${where}: ${recovered.output.slice(-3_000)}`);
          const status = (await aplomo(rig, "status")).events.at(-1);
          const units = status?.type === "result" ? (status.data as { units: { state: string }[] }).units : [];
          assert.deepEqual(
            units.map(({ state }) => state).filter((state) => state === "running"),
            ["running"],
            where,
          );
          assert.equal(await unfinished(), "", where);
        };
        for (const [mode, line] of moments) {
          await next();
          const where = `killed ${mode} line ${line} (${lines[line - 1]?.type} ${lines[line - 1]?.step ?? ""})`;
          await recover(await runProgram(rig, [dyingEngine, mode, String(line)]), where);
        }
        for (const ms of within) {
          await next();
          const kill = (child: ChildProcess): void => void setTimeout(() => child.kill("SIGKILL"), ms);
          await recover(await aplomoWhile(rig, "change.migrate", kill, "deploy"), `killed ${ms} ms after the migration began`);
        }
        assert.equal((await aplomo(rig, "deploy")).code, 0);
        const { confirmed, failed } = await client.stop();
        const rows = (await server.sql("SELECT id FROM bookings ORDER BY id")).split("\n").map(Number);
        t.diagnostic(
          `${engine}, killed ${moments.length} times: ${confirmed.length} confirmed, ${rows.length} rows, ${failed.length} failed`,
        );
        assert.deepEqual(rows, confirmed);
        assert.deepEqual(failed.slice(0, 5), []);
      } finally {
        await client?.stop();
        await bookings.close();
        await server.stop();
      }
    },
  );
