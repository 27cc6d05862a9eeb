import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The very program that runs now, with the Node that runs it: what starts it later has no PATH of a login shell. */
export function thisProgram(): [node: string, script: string] {
  return [process.execPath, resolve(process.argv[1] ?? fileURLToPath(import.meta.url))];
}

/** As `thisProgram`, for what is written down: on a server by the name that stays when a laptop brings another version. */
export function lastingProgram(home: string): [node: string, script: string] {
  const [node, script] = thisProgram();
  const programs = join(resolve(home), "server");
  return dirname(dirname(script)) === programs ? [node, join(programs, "current", basename(script))] : [node, script];
}
