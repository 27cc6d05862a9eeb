import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The very program that runs now, with the Node that runs it: what starts it later has no PATH of a login shell. */
export function thisProgram(): [node: string, script: string] {
  return [process.execPath, resolve(process.argv[1] ?? fileURLToPath(import.meta.url))];
}
