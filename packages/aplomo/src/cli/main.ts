import { Command, CommanderError, Option } from "commander";
import { version } from "../base/version.ts";
import { agentVerbs } from "./agent-verbs.ts";
import { backupVerbs } from "./backup-verbs.ts";
import { dataVerbs } from "./data-verbs.ts";
import { envVerbs } from "./env-verbs.ts";
import { isElsewhere } from "./elsewhere.ts";
import { exitCodeHelp } from "./exit-codes.ts";
import { notifyVerbs } from "./notify-verbs.ts";
import type { Given, GlobalOptions } from "./options.ts";
import type { Verb } from "./verb.ts";

/** Each command is loaded when it is called, so that none pays for another's start. */
const verbs: Verb[] = [
  {
    name: "init",
    summary: "write a first aplomo.yml from what this folder holds",
    options: [
      ["--force", "replace an aplomo.yml that exists"],
      ["--generate", "write what is missing beside it: Dockerfile, compose, health route, workflow, runbook; replace nothing"],
    ],
    examples: ["aplomo init", "aplomo init --generate"],
    exits: [],
    load: () => import("./commands/init.ts"),
  },
  {
    name: "check",
    there: "ask",
    fileOptions: ["--identity"],
    summary: "check aplomo.yml and the environment against its contract; touch nothing",
    options: [
      ["--identity <file>", "show that the key of the backups is at hand, with the key itself"],
      ["--key-code <code>", "show it with the code from the key check's file"],
    ],
    examples: ["aplomo check", "aplomo check --json", "aplomo check --key-code 4J7Q-ZK2M-T9XC-W3BH"],
    exits: [1],
    load: () => import("./commands/check.ts"),
  },
  {
    name: "audit",
    summary: "find what will fail in production: Dockerfile, compose, entrypoint, PM2, environment, code and migrations together",
    args: "[path]",
    options: [
      ["--format <name>", "text, json, sarif, github, markdown or junit (default text)"],
      ["--severity <level>", "the lowest that is shown and counts: error, warning or info (default warning)"],
      ["--since <ref>", "only what was not there in that commit"],
      ["--baseline <file>", "leave out what this file knows (default .aplomo-audit.json, where there is one)"],
      ["--write-baseline", "write that file from what is found now"],
      ["--explain <rule>", "what a rule looks for, and why"],
      ["--fix", "show what can be changed as diffs, and change it; what changes behaviour is asked about"],
      ["--yes", "with --fix: do not ask"],
      ["--against <folder>", "compare with another application, point by point, with a plan"],
    ],
    examples: [
      "aplomo audit",
      "aplomo audit --since main --format github",
      "aplomo audit --explain timeline",
      "aplomo audit --against ../reference",
    ],
    exits: [1],
    load: () => import("./commands/audit.ts"),
  },
  {
    name: "build",
    summary: "build images, push them, and prove that their registry has them, by digest and platform",
    args: "[services...]",
    options: [
      ["--force", "also what has not changed"],
      ["--here", "although the application runs on this machine"],
    ],
    examples: ["aplomo build", "aplomo build web --force", "aplomo build --json | tail -1"],
    exits: [1, 130],
    load: () => import("./commands/build.ts"),
  },
  {
    name: "plan",
    there: "ask",
    summary: "print the steps that deploy would execute, and how long requests would fail",
    options: [
      ["--migrate", "plan the migration even when its files are the same as before"],
      ["--no-rehearsal", "plan a deploy that is not performed on a copy first"],
      ["--env-only", "plan a deploy of the environment alone"],
      ["--image <service=image...>", "the image of a service, by its digest, as `aplomo build` prints it"],
    ],
    examples: ["aplomo plan", "aplomo plan --env-only"],
    exits: [1],
    load: () => import("./commands/plan.ts"),
  },
  {
    name: "setup",
    summary: "prepare the server of target.host: the program, Node where it has none, and a look at what a deploy will need",
    options: [["--remove", "take the program away again; releases, backups and what runs stay"]],
    examples: ["aplomo setup", "aplomo setup --json", "aplomo setup --remove"],
    exits: [1],
    load: () => import("./commands/setup.ts"),
  },
  {
    name: "deploy",
    there: "work",
    summary: "take the application to its next release, or leave it as it was",
    options: [
      ["--migrate", "run the migration even when its files are the same as before"],
      ["--no-rehearsal", "do not perform the release on a restored copy first; the report says so"],
      ["--env-only", "the code of the release in front with the present environment: same images or files, all gates"],
      ["--image <service=image...>", "the image of a service, by its digest, as `aplomo build` prints it"],
    ],
    examples: ["aplomo deploy", "aplomo deploy --env-only", "aplomo deploy --json | tee deploy.ndjson"],
    exits: [1, 3, 4, 5, 130],
    load: () => import("./commands/deploy.ts"),
  },
  {
    name: "rehearse",
    there: "work",
    summary: "perform the next release on a restored copy of the data; production is not touched",
    options: [["--migrate", "run the migration even when its files are the same as before"]],
    examples: ["aplomo rehearse", "aplomo rehearse --json | tee rehearsal.ndjson"],
    exits: [1, 4, 130],
    load: () => import("./commands/rehearse.ts"),
  },
  {
    name: "rollback",
    there: "work",
    summary: "return to an earlier release, with its data if asked",
    args: "[release]",
    options: [["--with-data", "also put the databases back as they were when that release was last in front"]],
    examples: ["aplomo rollback", "aplomo rollback r12 --with-data"],
    exits: [1, 3, 4, 130],
    load: () => import("./commands/rollback.ts"),
  },
  {
    name: "recover",
    there: "work",
    summary: "finish or undo a deployment that was interrupted or is stuck",
    options: [["--data <choice>", "what to do with rows written since the change: keep or restore"]],
    examples: ["aplomo recover", "aplomo recover --data restore"],
    exits: [1, 3, 4],
    load: () => import("./commands/recover.ts"),
  },
  {
    name: "attach",
    summary: "show again what runs on the server, or ran last, and end as it ends",
    examples: ["aplomo attach", "aplomo attach --json"],
    exits: [1, 3, 4, 5, 130],
    load: () => import("./commands/attach.ts"),
  },
  {
    name: "status",
    there: "look",
    summary: "show the release in front, its units, the last backups, and what runs now",
    examples: ["aplomo status", "aplomo status --json"],
    exits: [1],
    load: () => import("./commands/status.ts"),
  },
  {
    name: "verify",
    there: "look",
    summary: "prove the release in front again: identity, health, smoke checks, invariants",
    examples: ["aplomo verify"],
    exits: [1],
    load: () => import("./commands/verify.ts"),
  },
  {
    name: "history",
    there: "look",
    summary: "list deployments and how they ended",
    options: [["--limit <n>", "how many (default 20)"]],
    examples: ["aplomo history"],
    exits: [],
    load: () => import("./commands/history.ts"),
  },
  {
    name: "report",
    there: "look",
    summary: "print a deployment's report as Markdown, made from its journal",
    args: "[deployment]",
    examples: ["aplomo report", "aplomo report d14 > d14.md"],
    exits: [],
    load: () => import("./commands/report.ts"),
  },
  {
    name: "doctor",
    there: "look",
    summary: "find out why it does not run well: causes, what shows them, and the next act; touch nothing",
    args: "[unit]",
    options: [["--explain <rule>", "what a rule looks for, and what to do"]],
    examples: ["aplomo doctor", "aplomo doctor web", "aplomo doctor --explain listens-localhost", "aplomo doctor --json"],
    exits: [1],
    load: () => import("./commands/doctor.ts"),
  },
  {
    name: "logs",
    there: "look",
    summary: "print the last log lines of every unit",
    args: "[service]",
    options: [["--tail <n>", "lines of each unit (default 50)"]],
    examples: ["aplomo logs", "aplomo logs web --tail 200"],
    exits: [],
    load: () => import("./commands/logs.ts"),
  },
  {
    name: "dashboard",
    summary: "show the agent's pages in a browser of this machine, until you interrupt it",
    options: [
      ["--port <n>", "on this port (default: any that is free)"],
      ["--role <role>", "read, or operate: also roll back, back up and drill (default operate)"],
    ],
    examples: ["aplomo dashboard", "aplomo dashboard --role read --port 8088"],
    exits: [1],
    load: () => import("./commands/dashboard.ts"),
  },
];

/** Commands of two words. */
const groups: { name: string; summary: string; verbs: Verb[] }[] = [
  { name: "backup", summary: "make, prove, keep, copy and restore backups", verbs: backupVerbs },
  { name: "data", summary: "bring data in, completely and proven", verbs: dataVerbs },
  { name: "env", summary: "check, compare and replace the application's environment; no value is ever shown", verbs: envVerbs },
  { name: "agent", summary: "what goes on when nobody types: backups and drills on time, watching, telling", verbs: agentVerbs },
  { name: "notify", summary: "who is told when something is wrong", verbs: notifyVerbs },
];

/** Parses a command line, runs the command, and gives the exit code. */
export async function main(argv: string[], given?: Given): Promise<number> {
  let exitCode = 0;
  const program = new Command("aplomo")
    .description("Deploys a web application to its own server and cannot lose its data.")
    .version(version, "-V, --version")
    .option("-c, --config <file>", "the application's aplomo.yml", "aplomo.yml")
    .addOption(new Option("--json", "print events, one JSON object a line (docs/EVENTS.md)"))
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText("after", "\nExamples:\n  aplomo init && aplomo plan\n  aplomo deploy\n  aplomo rollback --with-data");
  const add = (parent: Command, verb: Verb): void => {
    const command = new Command(verb.name)
      .description(verb.summary)
      .exitOverride()
      .option("-c, --config <file>", "the application's aplomo.yml")
      .option("--json", "print events, one JSON object a line (docs/EVENTS.md)")
      .addHelpText("after", afterHelp(verb.examples, verb.exits));
    if (verb.args) command.argument(verb.args);
    for (const [flags, description] of verb.options ?? []) command.option(flags, description);
    command.action(async () => {
      const options: GlobalOptions = { ...program.opts<GlobalOptions>(), ...command.opts(), ...(given ? { given } : {}) };
      const manner = verb.there;
      exitCode =
        manner && (await isElsewhere(options.config))
          ? await (await import("./there.ts")).runThere(options, { manner, argv: argv.slice(2), fileOptions: verb.fileOptions ?? [] })
          : await (await verb.load()).run(options as never, command.args);
    });
    parent.addCommand(command, { isDefault: verb.isDefault ?? false });
  };
  for (const verb of verbs) add(program, verb);
  for (const { name, summary, verbs: its } of groups) {
    const exits = [...new Set(its.flatMap((verb) => verb.exits))];
    const examples = its.flatMap((verb) => verb.examples);
    const group = new Command(name).description(summary).exitOverride().addHelpText("after", afterHelp(examples, exits));
    for (const verb of its) add(group, verb);
    program.addCommand(group);
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return exitCode;
}

function afterHelp(examples: readonly string[], exits: readonly number[]): string {
  return `\nExamples:\n${examples.map((line) => `  ${line}`).join("\n")}\n\n${exitCodeHelp(exits)}`;
}
