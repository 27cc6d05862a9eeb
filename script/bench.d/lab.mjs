// Puts into this process's environment what `script/lab env` says; in a working folder of the project.
import { execFileSync } from "node:child_process";

export function takeLab() {
  for (const line of execFileSync("script/lab", ["env"], { encoding: "utf8" }).split("\n")) {
    const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
    if (name) process.env[name] = value.replaceAll('"$PATH"', process.env.PATH).replaceAll(/^["']|["']$/g, "");
  }
}
