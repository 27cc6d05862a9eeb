import { Command, CommanderError, Option } from "commander";
import { version } from "../base/version.ts";
import { isElsewhere } from "./elsewhere.ts";
import { exitCodeHelp } from "./exit-codes.ts";
import type { Given, GlobalOptions } from "./options.ts";
import type { Verb } from "./verb.ts";
import { groups, verbs } from "./verbs.ts";

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
          ? await (
              await import("./there.ts")
            ).runThere(options, {
              manner,
              argv: argv.slice(2),
              fileOptions: verb.fileOptions ?? [],
              given: verb.sends?.(options as never, command.args) ?? [],
              images: verb.images ?? false,
            })
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
