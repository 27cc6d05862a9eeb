import { resolve } from "node:path";
import { loadConfig } from "../config/load.ts";
import type { Typed } from "../remote/there.ts";
import { carryOutThere } from "../remote/there.ts";
import type { GlobalOptions } from "./options.ts";
import { inShell } from "./shell.ts";

/** Runs a command on the server that `target.host` names, by the same printers and with the same exit code as if it ran here. */
export function runThere(options: GlobalOptions, typed: Typed): Promise<number> {
  return inShell(options, async ({ ctx }) => carryOutThere(ctx, await loadConfig(resolve(options.config), process.env), typed));
}
