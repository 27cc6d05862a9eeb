import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { byUrl as mariadbByUrl, mariadbBench } from "../support/mariadb-bench.ts";
import { haveMariadb, startMariadb, type Maria } from "../support/mariadb.ts";
import { need } from "../support/need.ts";
import { binaries, startPostgres, type Cluster } from "../support/postgres.ts";
import { byUrl as postgresByUrl, postgresBench } from "../support/postgres-bench.ts";
import { rehearseSpecimen } from "../support/specimens.ts";
import type { Server } from "../support/sql.ts";
import type { Bench } from "../contract/database.suite.ts";
import { additive } from "../fixtures/specimens/additive.ts";
import { breaking } from "../fixtures/specimens/breaking.ts";
import { refused } from "../fixtures/specimens/refused.ts";
import { sqlFor, type Engine, type Specimen, type Verdict } from "../fixtures/specimens/specimen.ts";

const full = Boolean(process.env["APLOMO_TEST_FULL"]);
const all = [...additive, ...breaking, ...refused];

let cluster: Cluster;
let maria: Maria;
const postgres = postgresByUrl(() => cluster);
const mariadb = mariadbByUrl(() => maria);

const engines = [
  {
    engine: "postgres" as const,
    skip: need(binaries !== undefined, "no PostgreSQL server's programs in /usr/lib/postgresql"),
    start: async () => void (cluster = await startPostgres()),
    stop: () => cluster.stop(),
    server: postgres,
    make: () => postgresBench(postgres),
  },
  {
    engine: "mariadb" as const,
    skip: need(haveMariadb(), "no MariaDB server and client programs: packages/runtime/test/install.sh"),
    start: async () => void (maria = await startMariadb()),
    stop: () => maria.stop(),
    server: mariadb,
    make: () => mariadbBench(mariadb),
  },
];

for (const { engine, skip, start, stop, server, make } of engines) {
  const mine = all.filter((specimen) => sqlFor(specimen.migration, engine) !== "" && (full || specimen.quick));
  describe(`rehearsals of ${mine.length} migrations on ${engine}`, { skip, concurrency: 2 }, () => {
    before(start);
    after(stop);
    for (const specimen of mine) it(`${specimen.name}: ${verdictOf(specimen, engine)}`, () => check(specimen, engine, server, make));
  });
}

async function check(specimen: Specimen, engine: Engine, server: Server, make: () => ReturnType<typeof postgresBench>): Promise<void> {
  const bench = await make();
  const { database } = bench;
  let asked: ReturnType<typeof askProduction> | undefined;
  try {
    const state = async (): Promise<unknown[]> => [await database.schema(), await database.checksums(), await database.listScratch()];
    let before: unknown[] = [];
    const watched = {
      ...bench,
      async sql(text: string) {
        await bench.sql(text);
        before = await state();
        asked = askProduction(bench);
      },
    };
    const evidence = await rehearseSpecimen(watched, engine, server.url?.(bench.live) ?? "", specimen);
    const said = JSON.stringify(evidence);
    assert.deepEqual(await asked?.stop(), [], "production did not answer throughout");
    assert.equal(evidence["verdict"], verdictOf(specimen, engine), said);
    if (specimen.says) assert.match(said, specimen.says);
    assert.deepEqual(await state(), before, "production was touched");
  } finally {
    await asked?.stop();
    await bench.close();
  }
}

/** What the application reads, asked of production all the while; tells what went wrong. */
function askProduction(bench: Pick<Bench, "sql">): { stop(): Promise<string[]> } {
  const failed: string[] = [];
  let [answers, over] = [0, false];
  const ask = async (): Promise<void> => {
    const began = performance.now();
    await bench.sql("SELECT id, email, name, age FROM users; SELECT id, user_id, amount FROM orders;").then(
      () => (answers += 1),
      (error: unknown) => failed.push(String(error)),
    );
    if (performance.now() - began > 20_000) failed.push("it took longer than 20 s");
  };
  const asking = (async () => {
    while (!over) {
      await ask();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  return {
    async stop() {
      over = true;
      await asking;
      return answers > 0 ? failed : [...failed, "it never answered"];
    },
  };
}

function verdictOf({ verdict }: Specimen, engine: Engine): Verdict | undefined {
  return typeof verdict === "string" ? verdict : verdict[engine];
}
