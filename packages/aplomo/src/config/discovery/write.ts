import type { Finds } from "./finds.ts";
import type { ProgramFind } from "./program.ts";
import { flow, mark, quoted, scalar } from "./yaml.ts";

/** A first aplomo.yml. Pure: the same finds give the same text. */
export function write(finds: Finds): string {
  const parts = [
    ["# How Aplomo deploys this application. Written by `aplomo init`; `# ?` marks what is a guess.", `app: ${finds.app}`],
    finds.compose ? composeTarget(finds) : pm2Target(finds),
    environment(finds),
    databases(finds),
    migration(finds),
    health(finds),
    ["# Pages that must answer after every deploy.", "# smoke:", "#   - { get: /, contains: Welcome }"],
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function composeTarget({ compose, services }: Finds): string[] {
  if (!compose) return [];
  const guess = compose.others.length > 0 || compose.files.length > 1 ? mark : "";
  return [
    "target:",
    "  kind: compose",
    `  files: ${flow(compose.files)}${guess}`,
    "  # The name docker compose uses now: another one would begin with empty volumes.",
    `  project: ${scalar(compose.project)}`,
    ...(services.length > 0
      ? [
          "  # What a release replaces. Databases and what stands in front stay.",
          `  services: ${flow(services.map((service) => service.name))}`,
        ]
      : ["  # services: [web]  # what a release replaces"]),
  ];
}

function pm2Target({ program, port }: Finds): string[] {
  if (!program) return [];
  return [
    "target:",
    "  kind: pm2",
    `  script: ${scalar(program.script)}${program.guessed ? mark : ""}`,
    ...(program.args.length > 0 ? [`  args: ${flow(program.args)}`] : []),
    ...instances(program),
    `  port: ${port ?? 3000}${port === undefined ? mark : ""}`,
    ...(program.install ? ["  # In the new release's folder, before anything is switched.", `  install: ${flow(program.install)}`] : []),
    ...(program.killTimeout === undefined ? [] : [`  kill_timeout: ${program.killTimeout}ms`]),
    ...(program.waitsForReady ? ["  wait_ready: true"] : []),
  ];
}

function instances(program: ProgramFind): string[] {
  return [
    ...(program.instances === undefined ? [] : [`  instances: ${program.instances}`]),
    ...(program.cluster ? ["  exec_mode: cluster"] : []),
  ];
}

function environment({ variables }: Finds): string[] {
  if (variables.file === undefined && variables.rules.length === 0) return [];
  const width = Math.max(0, ...variables.rules.map(({ name }) => name.length + 1));
  return [
    "# Checked before anything is touched; no value is ever shown.",
    "env:",
    ...(variables.file === undefined ? [] : [`  file: ${scalar(variables.file)}`]),
    ...(variables.rules.length === 0
      ? []
      : ["  require:", ...variables.rules.map(({ name, rule, guess }) => `    ${`${name}:`.padEnd(width)} ${rule}${guess ? mark : ""}`)]),
  ];
}

function databases(finds: Finds): string[] {
  if (finds.databases.length === 0) return ["# databases:", `#   ${finds.app}: { engine: postgres, url: "\${DATABASE_URL}" }`];
  return [
    "# Backed up before every deploy, and put back when a deploy that changed them fails.",
    "databases:",
    ...finds.databases.flatMap((database) => [
      `  ${database.name}:`,
      `    engine: ${database.engine}`,
      `    ${database.key}: ${database.place.startsWith("${") ? quoted(database.place) : scalar(database.place)}${database.guess ? mark : ""}`,
      ...(database.called ? [`    name: ${scalar(database.called.name)}${database.called.guess ? mark : ""}`] : []),
      "    # What must hold before and after every deploy:",
      "    # invariants: { users: { at_least: 1, never_falls: true } }",
    ]),
  ];
}

function migration({ migration: found, compose, main, databases: known, seed, services }: Finds): string[] {
  const service = compose ? `, service: ${scalar(main?.name ?? "web")}` : "";
  const seedLine = `# seed: { run: [npm, run, seed]${service} }  # only when it can be run again and again`;
  if (!found) {
    return ["# How the schema is brought up to date:", `# migrate: { run: [npm, run, migrate]${service} }`, ...(seed ? [seedLine] : [])];
  }
  const database = known.length === 1 ? `, database: ${known[0]?.name}` : "";
  const files = found.files === undefined ? "" : `, files: ${scalar(found.files)}`;
  const guess = found.guess || (compose !== undefined && services.length !== 1) ? mark : "";
  return [
    ...(found.files === undefined ? [] : ["# Runs when the files below have changed, with the old release stopped."]),
    `migrate: { run: ${flow(found.run)}${service}${database}${files} }${guess}`,
    ...(seed ? [seedLine] : []),
  ];
}

function health({ health: found, compose, main, port }: Finds): string[] {
  return [
    "health:",
    ...(compose && main ? [`  service: ${scalar(main.name)}`, `  port: ${port ?? 3000}${port === undefined ? mark : ""}`] : []),
    ...(found ? [`  path: ${scalar(found.path)}`] : [`  # path: /healthz`]),
    "  # As the public reaches it:",
    `  # public: [https://app.example.com${found?.path ?? "/"}]`,
    "  # How long the new release must stay as it is before it counts as proven.",
    "  watch: 60s",
  ];
}
