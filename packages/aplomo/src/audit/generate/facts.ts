import type { Model } from "../model/model.ts";

export type Framework = "next" | "node" | "python";

/** What generated files depend on. */
export interface AppFacts {
  framework: Framework;
  name: string;
  port: number;
  /** The program and its arguments. */
  start: string[];
  /** The script that builds; undefined: nothing is built. */
  build: boolean;
  /** The lock file decides how dependencies are installed. */
  manager: "npm" | "pnpm" | "yarn" | "none";
  prisma: boolean;
  /** The program that applies Prisma's migrations in the image: there already, or to be written. Undefined: it takes Prisma's command line. */
  applies: string | undefined;
  /** It talks to PostgreSQL. */
  postgres: boolean;
  /** It depends on @aplomo/runtime. */
  runtime: boolean;
  tests: boolean;
  /** A file with types in it would have Next ask for a compiler that is not installed. */
  typescript: boolean;
  /** PM2 runs it, no container. */
  pm2: boolean;
}

/** Read from what is there; undefined when it is no application of a kind that can be written for. */
export function appFacts(model: Model, folder: string): AppFacts | undefined {
  const one = model.packages.find((each) => each.folder === "");
  const name = (one?.name.replace(/^@[^/]*\//, "") || folder.split("/").at(-1) || "app").toLowerCase().replace(/[^a-z0-9-]+/g, "-");
  const has = (dependency: string): boolean => one?.dependencies.has(dependency) ?? false;
  const prisma = model.prisma.length > 0;
  const postgresql = model.prisma.some((schema) => schema.provider?.text === "postgresql");
  const there = ["prisma/migrate.mjs", "prisma/migrate.js"].find((path) => model.paths.has(path));
  const text = [...model.sources.values()]
    .filter((source) => /requirements|pyproject/.test(source.path))
    .map((source) => source.text)
    .join("\n");
  const common = {
    name,
    prisma,
    applies: there ?? (postgresql && has("pg") && model.paths.has("prisma/schema.prisma") ? "prisma/migrate.mjs" : undefined),
    pm2: model.pm2.length > 0 || [...(one?.scripts.values() ?? [])].some(({ text }) => /\bpm2\b/.test(text)),
    runtime: has("@aplomo/runtime"),
    typescript: has("typescript") || model.paths.has("tsconfig.json"),
    tests: one?.scripts.has("test") ?? false,
  };
  if (one) {
    const next = has("next");
    const manager = model.paths.has("pnpm-lock.yaml")
      ? "pnpm"
      : model.paths.has("yarn.lock")
        ? "yarn"
        : model.paths.has("package-lock.json")
          ? "npm"
          : "none";
    const postgres = has("pg") || has("postgres") || postgresql;
    return {
      ...common,
      framework: next ? "next" : "node",
      port: 3000,
      start: next ? ["node", "server.js"] : nodeStart(model),
      build: one.scripts.has("build"),
      manager,
      postgres,
    };
  }
  if (text === "") return undefined;
  const module = model.paths.has("main.py") ? "main" : model.paths.has("app/main.py") ? "app.main" : "app";
  const start = /fastapi|starlette|uvicorn/i.test(text)
    ? ["uvicorn", `${module}:app`, "--host", "0.0.0.0", "--port", "8000", "--timeout-graceful-shutdown", "8"]
    : ["gunicorn", `${module}:app`, "--bind", "0.0.0.0:8000", "--graceful-timeout", "8"];
  return {
    ...common,
    framework: "python",
    port: 8000,
    start,
    build: false,
    manager: "none",
    postgres: /psycopg|asyncpg|sqlalchemy|django/i.test(text),
  };
}

/** The file that `npm start` starts, else the usual ones. */
function nodeStart(model: Model): string[] {
  const text = model.packages.find((one) => one.folder === "")?.scripts.get("start")?.text ?? "";
  const words = text.split(/\s+/);
  if (words[0] === "node" && words.length >= 2 && !/[&|;$]/.test(text)) return words;
  const file = ["server.js", "index.js", "app.js", "src/server.js", "src/index.js"].find((path) => model.paths.has(path));
  return ["node", file ?? "dist/server.js"];
}
