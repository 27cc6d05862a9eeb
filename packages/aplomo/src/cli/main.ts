import { Command, CommanderError, Option } from "commander";
import { version } from "../base/version.ts";
import { languageOf, languages, sayIn } from "../report/lang/language.ts";
import type { Say } from "../report/lang/say.ts";
import { isElsewhere } from "./elsewhere.ts";
import { exitCodeHelp } from "./exit-codes.ts";
import type { Given, GlobalOptions } from "./options.ts";
import type { Verb } from "./verb.ts";
import { groups, verbs } from "./verbs.ts";

/** Parses a command line, runs the command, and gives the exit code. */
export async function main(argv: string[], given?: Given): Promise<number> {
  let exitCode = 0;
  const say = await sayIn(languageOf(languageFirst(argv)));
  const program = new Command("aplomo")
    .description(say("Deploys a web application to its own server and cannot lose its data."))
    .version(version, "-V, --version", say("output the version number"))
    .option("-c, --config <file>", say("the application's aplomo.yml"), "aplomo.yml")
    .addOption(new Option("--json", say("print events, one JSON object a line (docs/EVENTS.md)")))
    .addOption(languageOption(say))
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText("after", `\n${say("Examples:")}\n  aplomo init && aplomo plan\n  aplomo deploy\n  aplomo rollback --with-data`);
  speaking(program, say);
  const add = (parent: Command, verb: Verb): void => {
    const command = new Command(verb.name)
      .description(say(verb.summary))
      .exitOverride()
      .option("-c, --config <file>", say("the application's aplomo.yml"))
      .option("--json", say("print events, one JSON object a line (docs/EVENTS.md)"))
      .addOption(languageOption(say))
      .addHelpText("after", afterHelp(verb.examples, verb.exits, say));
    speaking(command, say);
    if (verb.args) command.argument(verb.args);
    for (const [flags, description] of verb.options ?? []) command.option(flags, say(description));
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
    const group = new Command(name)
      .description(say(summary))
      .exitOverride()
      .addHelpText("after", afterHelp(examples, exits, say));
    speaking(group, say);
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

function afterHelp(examples: readonly string[], exits: readonly number[], say: Say): string {
  return `\n${say("Examples:")}\n${examples.map((line) => `  ${line}`).join("\n")}\n\n${exitCodeHelp(exits, say)}`;
}

/** The parser's own words, too. */
function speaking(command: Command, say: Say): void {
  command
    .configureHelp({ styleTitle: (title) => say(title) })
    .configureOutput({ outputError: (text, write) => write(`${say(text.trimEnd())}\n`) })
    .helpOption("-h, --help", say("display help for command"))
    .helpCommand("help [command]", say("display help for command"));
}

function languageOption(say: Say): Option {
  return new Option("--lang <code>", say("the language of what is said (default: APLOMO_LANG, else LANG)")).choices([...languages]);
}

/** `--lang es` counts wherever it stands, and for all that this process says: also for help, and before anything is parsed. */
function languageFirst(argv: readonly string[]): NodeJS.ProcessEnv {
  const at = argv.findIndex((word) => word === "--lang" || word.startsWith("--lang="));
  const wanted = at < 0 ? undefined : (argv[at]?.split("=")[1] ?? argv[at + 1]);
  if (wanted !== undefined) process.env["APLOMO_LANG"] = wanted;
  return process.env;
}
