import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { aplomo, runProgram, type AgendaRig } from "../../support/agenda.ts";
import { booker, bookingsRig } from "../../support/bookings.ts";
import { edgeProgram } from "../../support/edge-rigs.ts";
import { need } from "../../support/need.ts";
import { binaries, startPostgres } from "../../support/postgres.ts";
import { boundaries, engine, type Line } from "./crashes.ts";

const skip = process.env["APLOMO_TEST_FULL"]
  ? need(binaries !== undefined, "no PostgreSQL server's programs in /usr/lib/postgresql") || edgeProgram("caddy").skip
  : "a long round: script/test --full";

it("a live change that is killed at every boundary loses no booking, and ends with one release in front", { skip }, async (t) => {
  const cluster = await startPostgres();
  const bookings = await bookingsRig("postgres", cluster.url("postgres"), edgeProgram("caddy").program);
  const rig = bookings as unknown as AgendaRig;
  let client: ReturnType<typeof booker> | undefined;
  let column = 0;
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
    const moments = boundaries(lines).filter(([, line]) => line >= from);
    for (const [mode, line] of moments) {
      const where = `killed ${mode} line ${line} (${lines[line - 1]?.type} ${lines[line - 1]?.step ?? ""})`;
      await next();
      assert.equal((await runProgram(rig, [engine, mode, String(line)])).code, null, `${where}: it did not die`);
      const recovered = await aplomo(rig, "recover");
      assert.equal(recovered.code, 0, `${where}: ${recovered.output.slice(-3_000)}`);
      const status = (await aplomo(rig, "status")).events.at(-1);
      const units = status?.type === "result" ? (status.data as { units: { state: string }[] }).units : [];
      assert.deepEqual(
        units.map(({ state }) => state).filter((state) => state === "running"),
        ["running"],
        where,
      );
    }
    const { confirmed, failed } = await client.stop();
    const rows = (await cluster.sql("postgres", "SELECT id FROM bookings ORDER BY id")).split("\n").map(Number);
    t.diagnostic(`killed ${moments.length} times: ${confirmed.length} confirmed, ${rows.length} rows, ${failed.length} failed`);
    assert.deepEqual(rows, confirmed);
    assert.deepEqual(failed.slice(0, 5), []);
  } finally {
    await client?.stop();
    await bookings.close();
    await cluster.stop();
  }
});
