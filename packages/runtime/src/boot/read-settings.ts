import { readFileSync } from "node:fs";
import { parseDuration } from "../time.ts";
import { BootError } from "./failure.ts";
import type { Argv, BootSettings, Variable } from "./settings.ts";

type Fields = Record<string, unknown>;

/** Reads and checks `aplomo.boot.json`; every key that is unknown or wrong is named. A file that is not there is an empty one, unless it was asked for. */
export function readSettings(file: string, askedFor: boolean): BootSettings {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (!askedFor && (error as { code?: string }).code === "ENOENT") return parseSettings({}, file);
    throw new BootError(`could not read ${file}: ${(error as Error).message}`, { exitCode: 2 });
  }
  try {
    return parseSettings(JSON.parse(text) as unknown, file);
  } catch (error) {
    if (error instanceof BootError) throw error;
    throw new BootError(`${file} is not JSON: ${(error as Error).message}`, { exitCode: 2 });
  }
}

/** Checks what stands in the file and fills defaults in. Throws a BootError that names every mistake. */
export function parseSettings(value: unknown, file: string): BootSettings {
  const check = new Checker();
  const top = check.fields(value, "", ["$schema", "env", "files", "database", "migrate", "derive", "seed", "admin"]);
  const env = check.fields(top.env ?? {}, "env", ["require", "forbid"]);
  const database = check.fields(top.database ?? {}, "database", ["url", "wait", "also"]);
  const url = check.text(database.url, "database.url", "DATABASE_URL");
  const settings: BootSettings = {
    env: { require: check.variables(env.require ?? {}), forbid: check.texts(env.forbid, "env.forbid") },
    files: check.texts(top.files, "files"),
    database: { url, wait: check.duration(database.wait, "database.wait", 60_000), also: check.texts(database.also, "database.also") },
    derive: check.list(top.derive, "derive").map((step, i) => {
      const { name, ...fields } = check.fields(step, `derive.${i}`, ["name", "run", "time_limit"]);
      return { name: check.text(name, `derive.${i}.name`), ...check.job(fields, `derive.${i}`) };
    }),
  };
  if (top.migrate !== undefined) {
    const migrate = check.fields(top.migrate, "migrate", ["run", "time_limit", "lock_wait", "url"]);
    const direct = check.text(migrate.url, "migrate.url", process.env.DIRECT_URL ? "DIRECT_URL" : url);
    settings.migrate = {
      ...check.job(migrate, "migrate"),
      lock_wait: check.duration(migrate.lock_wait, "migrate.lock_wait", 120_000),
      url: direct,
    };
  }
  if (top.seed !== undefined) {
    const seed = check.fields(top.seed, "seed", ["run", "time_limit", "empty", "idempotent"]);
    const idempotent = seed.idempotent === true;
    if (idempotent === (seed.empty !== undefined))
      check.mistake("seed", "either `empty: TABLE` (runs only while that table is empty) or `idempotent: true`");
    settings.seed = {
      ...check.job(seed, "seed"),
      idempotent,
      ...(seed.empty === undefined ? {} : { empty: check.text(seed.empty, "seed.empty") }),
    };
  }
  if (top.admin !== undefined) {
    const admin = check.fields(top.admin, "admin", ["run", "time_limit", "find", "password"]);
    const password = check.text(admin.password, "admin.password", "ADMIN_PASSWORD");
    settings.admin = { ...check.job(admin, "admin"), find: check.text(admin.find, "admin.find"), password };
  }
  check.finish(file);
  return settings;
}

/** Collects mistakes instead of stopping at the first. */
class Checker {
  readonly #mistakes: string[] = [];

  mistake(path: string, wanted: string): void {
    this.#mistakes.push(`${path || "the file"}: ${wanted}`);
  }

  fields(value: unknown, path: string, known: string[]): Fields {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.mistake(path, "an object");
      return {};
    }
    for (const name of Object.keys(value))
      if (!known.includes(name)) this.mistake(`${path}${path && "."}${name}`, `unknown; known are ${known.join(", ")}`);
    return value as Fields;
  }

  text(value: unknown, path: string, otherwise?: string): string {
    if (typeof value === "string" && value !== "") return value;
    if (value !== undefined || otherwise === undefined) this.mistake(path, "a text");
    return otherwise ?? "";
  }

  list(value: unknown, path: string): unknown[] {
    if (value === undefined || Array.isArray(value)) return value ?? [];
    this.mistake(path, "a list");
    return [];
  }

  texts(value: unknown, path: string): string[] {
    return this.list(value, path).map((item, i) => this.text(item, `${path}.${i}`));
  }

  duration(value: unknown, path: string, otherwise: number): number {
    const ms = value === undefined ? otherwise : parseDuration(value as string | number);
    if (ms === undefined) this.mistake(path, "a duration such as 10s, 2m or 1h");
    return ms ?? otherwise;
  }

  job(fields: Fields, path: string): { run: Argv; time_limit: number } {
    const run = this.texts(fields.run, `${path}.run`);
    if (run.length === 0) this.mistake(`${path}.run`, "a command as a list: [program, argument, ...]");
    return { run, time_limit: this.duration(fields.time_limit, `${path}.time_limit`, 600_000) };
  }

  variables(value: unknown): Record<string, Variable> {
    const types = {
      secret: "boolean",
      min_length: "number",
      max_length: "number",
      pattern: "string",
      one_of: "object",
      equals: "string",
      list: "string",
      each: "string",
      type: "string",
    };
    for (const [name, rules] of Object.entries(this.fields(value, "env.require", Object.keys(value ?? {})))) {
      for (const [rule, wanted] of Object.entries(this.fields(rules, `env.require.${name}`, Object.keys(types)))) {
        const type = types[rule as keyof typeof types];
        if (type && typeof wanted !== type) this.mistake(`env.require.${name}.${rule}`, type === "object" ? "a list" : `a ${type}`);
      }
    }
    return value as Record<string, Variable>;
  }

  finish(file: string): void {
    if (this.#mistakes.length > 0) throw new BootError(`${file}: ${this.#mistakes.join("; ")}`, { hint: "see docs/boot.md", exitCode: 2 });
  }
}
