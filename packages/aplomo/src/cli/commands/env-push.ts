import { text as readStream } from "node:stream/consumers";
import { UsageError } from "../../base/errors.ts";
import { readText } from "../../config/text.ts";
import { environmentFindings, findingLine, refuseBrokenEnvironment } from "../../deploy/environment.ts";
import { environmentFile, formerEnvironment, replaceEnvironment } from "../../deploy/environment-file.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell, type Shell } from "../shell.ts";

export function run(options: GlobalOptions & { undo?: boolean }, [from]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    if ((from === undefined) === (options.undo === undefined))
      throw new UsageError({ operation: "choose", subject: "what to push", hint: "Name a file, `-` for standard input, or --undo." });
    return from === undefined ? undo(shell) : push(shell, from);
  });
}

/** Read, parsed and held to the contract as if it were in place already: what is not whole never gets there. */
async function push(shell: Shell, from: string): Promise<number> {
  const envFile = { name: from === "-" ? "standard input" : from, text: await read(from) };
  const session = await shell.session({ values: "all", envFile });
  const file = environmentFile(session.config);
  await refuseBrokenEnvironment(session.config);
  return shell.locked(session, "env push", async () => {
    shell.result("env push", { ...(await replaceEnvironment(file, envFile.text, session.paths, shell.ctx.now())) });
    return 0;
  });
}

/** Going back is not refused for a contract that may be younger than the file; what is wrong with it is told. */
async function undo(shell: Shell): Promise<number> {
  const session = await shell.session();
  const file = environmentFile(session.config);
  return shell.locked(session, "env push", async () => {
    const { path, text } = await formerEnvironment(file, session.paths);
    const config = await shell.config({ values: "all", envFile: { name: path, text } });
    for (const finding of await environmentFindings(config))
      shell.ctx.emit({ type: "warning", message: findingLine(finding), hint: "A deploy is refused until this is mended." });
    shell.result("env push", { ...(await replaceEnvironment(file, text, session.paths, shell.ctx.now())) });
    return 0;
  });
}

async function read(from: string): Promise<string> {
  if (from === "-") return readStream(process.stdin);
  const read = await readText(from);
  if ("text" in read) return read.text;
  throw new UsageError({ operation: "read", subject: from, cause: read.message, hint: read.hint });
}
