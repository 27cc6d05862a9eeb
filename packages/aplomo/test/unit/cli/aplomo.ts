import { execFile } from "node:child_process";
import { join } from "node:path";

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

export const bin: string = join(import.meta.dirname, "../../../src/cli/bin.js");

/** The command line as a user runs it, in a process and a state folder of its own. */
export function aplomo(args: readonly string[], cwd: string): Promise<Ended> {
  const env = { ...process.env, APLOMO_HOME: join(cwd, "home"), NO_COLOR: "1" };
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], { cwd, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}
