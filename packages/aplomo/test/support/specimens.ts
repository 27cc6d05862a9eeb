import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "valibot";
import type { Evidence, Json } from "../../src/base/events.ts";
import { Secret } from "../../src/base/secret.ts";
import type { Config } from "../../src/config/config.ts";
import { schema } from "../../src/config/schema.ts";
import type { Facts } from "../../src/deploy/facts.ts";
import { GateError } from "../../src/deploy/gates/gate.ts";
import { keepMigrations } from "../../src/deploy/migrations.ts";
import { appPaths, releaseFolder } from "../../src/deploy/paths.ts";
import { rehearse, tidyUp } from "../../src/deploy/rehearsal/rehearse.ts";
import { backUp } from "../../src/deploy/steps/protect.ts";
import type { Work } from "../../src/deploy/step.ts";
import { sha256 } from "../../src/migrations/compare.ts";
import { none } from "../../src/edges/none/none.ts";
import type { Rehearsal } from "../../src/targets/rehearsal.ts";
import type { Bench } from "../contract/database.suite.ts";
import { base, sqlFor, usual, type Engine, type Specimen } from "../fixtures/specimens/specimen.ts";
import { temporaryFolder, testContext } from "./bench.ts";

/** The rehearsal of one migration on a real database. The two releases are what they ask of it, asked by the engine's own client. */
export async function rehearseSpecimen(bench: Bench, engine: Engine, url: string, specimen: Specimen): Promise<Evidence> {
  const home = await temporaryFolder("specimen");
  const paths = appPaths(home.path, "probe");
  const [old, fresh] = [releaseFolder(paths, "r1"), releaseFolder(paths, "r2")];
  const facts = { app: "probe", action: "rehearse", deployment: "d2", release: fresh, previous: old, change: "migrate" } as Facts;
  const evidence = new Map<string, Evidence>();
  const text = (part: "old" | "new", first: number): string => sqlFor(specimen[part], engine) || usual(first);
  const asked: Record<string, string> = {
    [old.id]: text("old", 30),
    [fresh.id]: text("new", 20),
    seed: sqlFor(specimen.seed, engine),
    derive: sqlFor(specimen.derive, engine),
  };
  const ask = (what: string): Promise<void> => bench.sqlIn(`aplomo_rehearsal_${facts.deployment}`, asked[what] ?? "");
  const rehearsal: Rehearsal = {
    async open(_releases, { rewrite }) {
      rewrite("DATABASE_URL", url);
      return { config: null, reaches: [] };
    },
    async runOnce(_release, { run }) {
      const output = await ask(run[0]).then(
        () => "",
        (error: Error) => error.message,
      );
      return { code: output === "" ? 0 : 1, timedOut: false, durationMs: 0, output };
    },
    async boot(release) {
      await ask(release.id);
      return {};
    },
    close: async () => {},
  };
  const work = {
    ctx: testContext(home.path),
    config: configFor(engine, url, specimen),
    facts,
    paths,
    target: { kind: "pm2", capabilities: { beside: true, candidate: false, lossless: false }, rehearsal },
    edge: none,
    databases: [bench.database],
    evidenceOf: (id: string) => evidence.get(id),
    wasStarted: () => false,
    progress: () => {},
  } as unknown as Work;
  try {
    await mkdir(join(paths.deployments, facts.deployment), { recursive: true });
    await mkdir(fresh.path, { recursive: true });
    const { earlier } = specimen;
    const files = { "001_specimen.sql": Buffer.from(sqlFor(specimen.migration, engine)) };
    await keepMigrations(fresh, earlier === undefined ? files : { ...files, "000_earlier.sql": Buffer.from(earlier) });
    const recorded =
      earlier === undefined
        ? ""
        : `CREATE TABLE aplomo_migrations (name varchar(200) PRIMARY KEY, checksum char(64) NOT NULL,
      started_at varchar(30) NOT NULL, finished_at varchar(30)); INSERT INTO aplomo_migrations VALUES ('000_earlier.sql', '${sha256(earlier)}', 'x', 'x');`;
    await bench.sql(`${base}\n${recorded}\n${sqlFor(specimen.setup, engine)}`);
    evidence.set("protect.backup.app", await backUp(work, bench.database, "protect.backup.app"));
    return await rehearse(work);
  } catch (error) {
    // What failed stays until the doctor has looked; then the step is undone.
    await tidyUp(work);
    if (error instanceof GateError && error.evidence) return { ...error.evidence, problem: error.message as Json };
    throw error;
  } finally {
    await home.remove();
  }
}

function configFor(engine: Engine, url: string, { seed, derive, limit }: Specimen): Config {
  const settings = parse(schema, {
    app: "probe",
    target: { kind: "pm2", script: "server.js", port: 3000 },
    databases: {
      app: {
        engine,
        invariants: {
          users: { never_falls: true },
          orders: { never_falls: true },
          turnover: { query: "SELECT SUM(amount) FROM orders", at_least: 100 },
        },
      },
    },
    migrate: { files: "migrations", database: "app", time_limit: limit ?? "60s" },
    ...(derive ? { derive: [{ name: "summary", run: ["derive"] }] } : {}),
    ...(seed ? { seed: { run: ["seed"] } } : {}),
  });
  const { app, ...others } = settings.databases;
  return {
    file: "/nowhere/aplomo.yml",
    directory: "/nowhere",
    settings: { ...settings, databases: { ...others, ...(app ? { app: { ...app, url: new Secret(url) } } : {}) } },
    environment: new Map(),
  };
}
