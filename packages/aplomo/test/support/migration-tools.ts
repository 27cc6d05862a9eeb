import { execFile, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import type { Files } from "../../src/migrations/contract.ts";
import { root } from "./root.ts";

const run = promisify(execFile);

/** Where a database is, as tools are told. */
export interface Address {
  host: string;
  port: number;
  user: string;
  database: string;
}

/** A real migration tool, and a folder in its form. */
export interface RealTool {
  /** As `src/migrations` calls it. */
  name: string;
  /** What a migration is called there. */
  called(id: Id): string;
  /** Puts one into the folder: this SQL, in one statement or several. */
  write(folder: string, id: Id, sql: string): void;
  /** The migrations among what is in the folder. */
  files: string;
  /** Words that run what is pending; besides them, what else must be there. */
  command(folder: string, at: Address): { argv: [string, ...string[]]; env?: Record<string, string> };
}

/** The first, second and so on. */
export type Id = 1 | 2 | 3 | 4;

const place = join(root, ".cache/migration-tools");
const bin = (name: string): string => join(place, "node_modules/.bin", name);
const node = (name: string): string => JSON.stringify(join(place, "node_modules", name));
const put = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const url = ({ host, port, user, database }: Address, scheme = "postgres"): string => `${scheme}://${user}@${host}:${port}/${database}`;
const time = (id: Id): number => 1_700_000_000_000 + id * 1_000;
const dated = (id: Id): string => `2026010${id}000000`;

const packages = {
  "drizzle-kit": "0.31.11",
  "drizzle-orm": "0.45.4",
  knex: "3.3.0",
  "node-pg-migrate": "8.0.4",
  pg: "8.23.1",
  "reflect-metadata": "0.2.2",
  sequelize: "6.37.8",
  "sequelize-cli": "6.6.5",
  typeorm: "0.3.27",
};
const python = ["alembic==1.20.1", "psycopg2-binary==2.9.13"];
const flywayVersion = "10.22.0";

/** Fetches the tools, once. */
export async function installTools(): Promise<void> {
  const stamp = join(place, "installed.json");
  const wanted = JSON.stringify({ packages, python, flywayVersion });
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  rmSync(place, { recursive: true, force: true });
  put(join(place, "package.json"), JSON.stringify({ private: true, dependencies: packages }));
  const most = { cwd: place, maxBuffer: 1 << 26 };
  await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], most);
  await run("python3", ["-m", "venv", "python"], most);
  await run(join(place, "python/bin/pip"), ["install", "--quiet", ...python], most);
  const artifact = `org.flywaydb:flyway-commandline:${flywayVersion}:tar.gz`;
  await run("mvn", ["-q", "-B", "dependency:copy", `-Dartifact=${artifact}`, `-DoutputDirectory=${place}`], most);
  await run("tar", ["xzf", `flyway-commandline-${flywayVersion}.tar.gz`], most);
  writeFileSync(stamp, wanted);
}

/** Why they cannot be had. */
export function lackedByTools(): string | undefined {
  const absent = ["npm", "python3", "mvn", "java"].filter((program) => {
    try {
      execFileSync("which", [program], { stdio: "ignore" });
      return false;
    } catch {
      return true;
    }
  });
  return absent.length === 0 ? undefined : `no ${absent.join(", ")}`;
}

/** Runs what is pending; the exit code and what it said. */
export async function migrate(tool: RealTool, folder: string, at: Address): Promise<{ code: number; output: string }> {
  const { argv, env } = tool.command(folder, at);
  const [program, ...args] = argv;
  return run(program, args, { cwd: folder, env: { ...process.env, ...env }, timeout: 120_000 }).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    (error: { code?: number; stdout?: string; stderr?: string }) => ({ code: error.code ?? 1, output: `${error.stdout}${error.stderr}` }),
  );
}

/** Begins, and is killed with everything it started when `reached` says so. */
export async function killWhile(tool: RealTool, folder: string, at: Address, reached: () => Promise<unknown>): Promise<void> {
  const { argv, env } = tool.command(folder, at);
  const [program, ...args] = argv;
  const child = spawn(program, args, { cwd: folder, env: { ...process.env, ...env }, stdio: "ignore", detached: true });
  const ended = new Promise((resolve) => child.once("close", resolve));
  await reached();
  process.kill(-(child.pid ?? 0), "SIGKILL");
  await ended;
}

/** The files of the tool's folder of migrations, as a release has them. */
export function filesOf(tool: RealTool, folder: string): Files {
  const top = join(folder, tool.files);
  const names = readdirSync(top, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(top, name)).isFile());
  return Object.fromEntries(names.map((name) => [relative(top, join(top, name)), readFileSync(join(top, name))]));
}

const commonJs = (body: string): string => `exports.up = async (one, ...rest) => { ${body} };\nexports.down = async () => {};\n`;

export const realTools: RealTool[] = [
  {
    name: "drizzle",
    files: "migrations",
    called: (id) => `000${id}_step`,
    write(folder, id, sql) {
      put(join(folder, `migrations/000${id}_step.sql`), sql.replaceAll("; ", ";\n--> statement-breakpoint\n"));
      const entries = ([1, 2, 3, 4] as const)
        .filter((one) => existsSync(join(folder, `migrations/000${one}_step.sql`)))
        .map((one) => ({ idx: one, version: "7", when: time(one), tag: `000${one}_step`, breakpoints: true }));
      put(join(folder, "migrations/meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }));
    },
    command(folder, at) {
      const config = { dialect: "postgresql", schema: "./schema.js", out: "./migrations", dbCredentials: { url: url(at) } };
      put(join(folder, "schema.js"), "export {};\n");
      put(join(folder, "drizzle.config.json"), JSON.stringify(config));
      return { argv: [bin("drizzle-kit"), "migrate", "--config", "drizzle.config.json"], env: { NODE_PATH: join(place, "node_modules") } };
    },
  },
  {
    name: "knex",
    files: "migrations",
    called: (id) => `${dated(id)}_step`,
    write: (folder, id, sql) =>
      put(join(folder, `migrations/${dated(id)}_step.js`), `// knex\n${commonJs(`await one.raw(${JSON.stringify(sql)});`)}`),
    command(folder, at) {
      const { host, port, user, database } = at;
      const config = { client: "pg", connection: { host, port, user, database }, migrations: { directory: "./migrations" } };
      // It runs the one that is beside its configuration.
      if (!existsSync(join(folder, "node_modules"))) symlinkSync(join(place, "node_modules"), join(folder, "node_modules"));
      put(join(folder, "knexfile.js"), `module.exports = ${JSON.stringify(config)};`);
      return { argv: [bin("knex"), "migrate:latest"] };
    },
  },
  {
    name: "node-pg-migrate",
    files: "migrations",
    called: (id) => `${time(id)}_step`,
    write: (folder, id, sql) => put(join(folder, `migrations/${time(id)}_step.sql`), `-- Up Migration\n${sql}\n-- Down Migration\n`),
    command: (_folder, at) => ({ argv: [bin("node-pg-migrate"), "up", "--migrations-dir", "migrations"], env: { DATABASE_URL: url(at) } }),
  },
  {
    name: "sequelize",
    files: "migrations",
    called: (id) => `${dated(id)}-step`,
    write: (folder, id, sql) =>
      put(
        join(folder, `migrations/${dated(id)}-step.js`),
        `// queryInterface\n${commonJs(`await one.sequelize.query(${JSON.stringify(sql)});`)}`,
      ),
    command: (_folder, at) => ({
      argv: [bin("sequelize-cli"), "db:migrate", "--url", url(at), "--migrations-path", "migrations"],
      env: { NODE_PATH: join(place, "node_modules") },
    }),
  },
  {
    name: "typeorm",
    files: "migrations",
    called: (id) => `${time(id)}-Step${id}`,
    write: (folder, id, sql) =>
      put(
        join(folder, `migrations/${time(id)}-Step${id}.js`),
        `exports.Step${id}${time(id)} = class Step${id}${time(id)} {\n  async up(queryRunner) { await queryRunner.query(${JSON.stringify(sql)}); }\n  async down() {}\n};\n`,
      ),
    command(folder, at) {
      const { host, port, user: username, database } = at;
      const options = { type: "postgres", host, port, username, database, migrations: [join(folder, "migrations/*.js")] };
      put(join(folder, "source.js"), `exports.source = new (require(${node("typeorm")}).DataSource)(${JSON.stringify(options)});`);
      return { argv: [bin("typeorm"), "migration:run", "--dataSource", "source.js"], env: { NODE_PATH: join(place, "node_modules") } };
    },
  },
  {
    name: "alembic",
    files: "migrations/versions",
    called: (id) => `rev00${id}`,
    write: (folder, id, sql) =>
      put(
        join(folder, `migrations/versions/rev00${id}_step.py`),
        `"""step"""\nfrom alembic import op\n\nrevision = "rev00${id}"\ndown_revision = ${id === 1 ? "None" : `"rev00${id - 1}"`}\n\n\ndef upgrade() -> None:\n    op.execute(${JSON.stringify(sql)})\n\n\ndef downgrade() -> None:\n    pass\n`,
      ),
    command(folder, at) {
      put(join(folder, "alembic.ini"), `[alembic]\nscript_location = migrations\nsqlalchemy.url = ${url(at, "postgresql+psycopg2")}\n`);
      put(
        join(folder, "migrations/env.py"),
        `from alembic import context\nfrom sqlalchemy import create_engine\n\nengine = create_engine(context.config.get_main_option("sqlalchemy.url"))\nwith engine.connect() as connection:\n    context.configure(connection=connection, transaction_per_migration=True)\n    with context.begin_transaction():\n        context.run_migrations()\n`,
      );
      return { argv: [join(place, "python/bin/alembic"), "upgrade", "head"] };
    },
  },
  flyway("postgresql"),
];

/** The one whose two servers differ in what a failure leaves. */
export function flyway(scheme: "postgresql" | "mariadb"): RealTool {
  return {
    name: "flyway",
    files: "migrations",
    called: (id) => `V${id} step`,
    write: (folder, id, sql) => put(join(folder, `migrations/V${id}__step.sql`), `${sql.replaceAll("; ", ";\n")}\n`),
    command(folder, { host, port, user, database }) {
      const options = {
        url: `jdbc:${scheme}://${host}:${port}/${database}`,
        user,
        password: "",
        locations: `filesystem:${join(folder, "migrations")}`,
        baselineOnMigrate: "true",
        baselineVersion: "0",
      };
      const words = Object.entries(options).map(([name, value]) => `-${name}=${value}`);
      return { argv: [join(place, `flyway-${flywayVersion}/flyway`), ...words, "migrate"] };
    },
  };
}
