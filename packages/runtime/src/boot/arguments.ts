import { BootError } from "./failure.ts";
import type { Argv } from "./settings.ts";
import type { Verb } from "./steps.ts";

export const usage = `aplomo-boot: does what must be done before a server, then becomes it.

  aplomo-boot [--config FILE] -- COMMAND [ARGUMENT ...]   all steps, then COMMAND in place of this process
  aplomo-boot migrate [--config FILE]                     environment, database, migration, derived data; also with RUN_MIGRATIONS=0
  aplomo-boot check [--config FILE]                       environment, files and programs only; touches nothing

Reads aplomo.boot.json in the working directory. A variable NAME_FILE=/run/secrets/... gives NAME that file's content.
Exit codes: 0 done; 1 a step failed; 2 environment or configuration, nothing was touched; 143, 130, 129 stopped by a signal.
`;

/** Reads the arguments; everything after \`--\` is the server's. Throws a BootError with exit code 2 when they make no sense. */
export function readArguments(argv: string[]): { verb: Verb | "help"; config?: string; server: Argv } {
  const dashes = argv.indexOf("--");
  const own = dashes < 0 ? argv : argv.slice(0, dashes);
  const server = dashes < 0 ? [] : argv.slice(dashes + 1);
  let verb: Verb | "help" = "boot";
  let config: string | undefined;
  for (let i = 0; i < own.length; i += 1) {
    const word = own[i] ?? "";
    if (word === "--config") config = own[(i += 1)] ?? "";
    else if (word === "migrate" || word === "check") verb = word;
    else if (word === "-h" || word === "--help" || word === "help") verb = "help";
    else
      throw new BootError(`unknown argument ${word}`, {
        hint: "the server's command stands after --; see aplomo-boot --help",
        exitCode: 2,
      });
  }
  if (verb === "boot" && server.length === 0)
    throw new BootError("no server to start", { hint: "say it after --: aplomo-boot -- node server.js", exitCode: 2 });
  return { verb, ...(config === undefined ? {} : { config }), server };
}
