import { readFileSync } from "node:fs";
import type { Problem } from "./failure.ts";
import type { Argv, BootSettings } from "./settings.ts";

/** What must never run against production's data, as it stands in a command line. */
const refused: [pattern: RegExp, why: string, instead: string][] = [
  [/\bdb\s+push\b/, "`db push` changes the schema without a migration and may drop columns", "use `migrate deploy`"],
  [/\bmigrate\s+dev\b/, "`migrate dev` may reset the database", "use `migrate deploy`"],
  [/\bmigrate\s+reset\b/, "`migrate reset` deletes all data", "use `migrate deploy`"],
  [/--accept-data-loss\b|--force-reset\b/, "the command accepts the loss of data", "leave that option out"],
  [
    /\b(schema:drop|db:drop|db:reset|db:wipe|migrate:fresh|migrate:refresh|drizzle-kit\s+push)\b/,
    "the command drops what it finds",
    "use the tool's command that only applies migrations",
  ],
];

const mockName = /^(?:USE_|ENABLE_)?(?:MOCK|FAKE|IN_?MEMORY)_?(?:DB|DATABASE|DATA|STORAGE)$|^(?:DB|DATABASE)_(?:MOCK|FAKE|IN_?MEMORY)$/;
const mockUrl = /^(?:mock|fake|memory):|:memory:|[?&]mode=memory\b/i;
const deleting = /\b(?:deleteMany|truncate\s+(?:table\s+)?\w|delete\s+from|dropDatabase|\.drop\()/i;

/** What NODE_ENV=production forbids: destructive commands, mock databases, a seed that deletes. Nothing with another NODE_ENV. */
export function productionProblems(settings: BootSettings, env: NodeJS.ProcessEnv): Problem[] {
  if (env.NODE_ENV !== "production") return [];
  const jobs: [name: string, run: Argv][] = [
    ...(settings.migrate ? [["migrate", settings.migrate.run] as [string, Argv]] : []),
    ...settings.derive.map(({ name, run }): [string, Argv] => [`derive ${name}`, run]),
    ...(settings.seed ? [["seed", settings.seed.run] as [string, Argv]] : []),
    ...(settings.admin ? [["admin", settings.admin.run] as [string, Argv]] : []),
  ];
  return [...jobs.flatMap(([name, run]) => commandProblems(name, run)), ...seedProblems(settings), ...mockProblems(settings, env)];
}

function commandProblems(name: string, run: Argv): Problem[] {
  const line = spellOut(run);
  return refused
    .filter(([pattern]) => pattern.test(line))
    .map(([, why, instead]) => ({ message: `${name}: ${why}; it is refused with NODE_ENV=production`, hint: instead }));
}

/** The command with the scripts of package.json in place of their names, as deep as they call each other. */
function spellOut(run: Argv, depth = 0): string {
  const line = run.join(" ");
  const script = /^(?:npm|pnpm|yarn|bun)\s+(?:run(?:-script)?\s+)?([\w:.-]+)/.exec(line)?.[1];
  const body = script === undefined ? undefined : scripts()[script];
  return body === undefined || depth > 4 ? line : `${line} && ${spellOut([body], depth + 1)}`;
}

function scripts(): Record<string, string> {
  try {
    return (JSON.parse(readFileSync("package.json", "utf8")) as { scripts?: Record<string, string> }).scripts ?? {};
  } catch {
    return {};
  }
}

function seedProblems({ seed }: BootSettings): Problem[] {
  const files = (seed?.run ?? []).filter((argument) => /\.[cm]?[jt]s$|\.sql$/.test(argument));
  return files
    .filter((file) => deleting.test(read(file)))
    .map((file) => ({
      message: `seed: ${file} deletes rows; it is refused with NODE_ENV=production`,
      hint: "look each row up and create it only when it is not there: @aplomo/runtime/seed",
    }));
}

function mockProblems({ database }: BootSettings, env: NodeJS.ProcessEnv): Problem[] {
  const names = Object.keys(env).filter((name) => mockName.test(name) && !/^(|0|false|no|off)$/i.test(env[name] ?? ""));
  const hint = "production needs its real database: correct the environment";
  const switched = names.map((name) => ({ message: `${name} asks for a mock database with NODE_ENV=production`, hint }));
  return mockUrl.test(env[database.url] ?? "")
    ? [...switched, { message: `${database.url} names a mock database with NODE_ENV=production`, hint }]
    : switched;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
