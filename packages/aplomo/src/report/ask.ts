import { createInterface } from "node:readline/promises";
import { languageOf, sayIn } from "./lang/language.ts";

/** A person's answer to a question, empty after Ctrl-C; undefined where there is no terminal, so that nobody can answer. */
export async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const say = await sayIn(languageOf(process.env));
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const given = new AbortController();
  // While a line is being read the terminal hands Ctrl-C to us and to nobody else.
  terminal.on("SIGINT", () => given.abort());
  try {
    return await terminal.question(say(question), { signal: given.signal });
  } catch (error) {
    if (given.signal.aborted) return "";
    throw error;
  } finally {
    terminal.close();
  }
}
