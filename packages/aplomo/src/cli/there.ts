import { resolve } from "node:path";
import { loadConfig } from "../config/load.ts";
import type { Typed } from "../remote/there.ts";
import { carryOutThere } from "../remote/there.ts";
import { confirm } from "./confirm.ts";
import type { GlobalOptions } from "./options.ts";
import { inShell, type Shell } from "./shell.ts";

/** Runs a command on the server that `target.host` names, by the same printers and with the same exit code as if it ran here. */
export function runThere(options: GlobalOptions & { build?: boolean; yes?: boolean }, typed: Typed): Promise<number> {
  return inShell(options, async (shell) => {
    const argv = await before(shell, options, typed);
    return carryOutThere(shell.ctx, await loadConfig(resolve(options.config), process.env), { ...typed, argv });
  });
}

/** What belongs on this machine: a build, and the question whose answer must not come behind an hour of sending. */
async function before(shell: Shell, options: { build?: boolean; yes?: boolean }, { argv, given }: Typed): Promise<string[]> {
  const words = argv.filter((word) => word !== "--build");
  if (options.build) {
    (await import("./commands/deploy.ts")).deployRequest(options);
    await (await import("./commands/build.ts")).build(shell, {}, []);
  }
  if (given.length === 0 || options.yes) return words;
  await confirm(false, `Send ${given[0]} to the server, to replace data there?`);
  return [...words, "--yes"];
}
