import { languageOf, sayIn } from "./lang/language.ts";
import { jsonPrinter } from "./json.ts";
import { terminalOf, type Printer } from "./printer.ts";
import { textPrinter } from "./text.ts";

/** The printer for standard output. Whoever listened may leave at any time (`| head`, a closed laptop): a deployment goes on without. */
export async function openPrinter(options: { json: boolean }, now: () => Date): Promise<Printer> {
  const { stdout, env } = process;
  stdout.on("error", () => {});
  const terminal = terminalOf(stdout, env);
  return options.json ? jsonPrinter((text) => terminal.write(text), now) : textPrinter(terminal, await sayIn(languageOf(env)));
}
