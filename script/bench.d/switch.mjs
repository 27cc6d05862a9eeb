// What a deploy costs those who use the application, and what becomes of a bad one: the agenda on the lab's engine, swarm and PM2, Aplomo behind Caddy
// beside what people type today. Writes its tables into docs/BENCHMARKS.md, row by row.
//   script/bench switch [HOW [VERSION]]  six versions, one good and five that must not stay, at 50 requests a second
//   script/bench switch rounds 20 [HOW]  so many deploys and rollbacks in a row at 200 requests a second
// HOW: only the rows whose name holds it.
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { takeLab } from "./lab.mjs";

const root = resolve(import.meta.dirname, "../..");
process.chdir(root);
takeLab();
execFileSync("npx", ["tsc", "--noCheck"], { stdio: "inherit" });

const args = process.argv.slice(2);
if (args[0] === "rounds") {
  const { rounds } = await import(join(import.meta.dirname, "switch/rounds.mjs"));
  await rounds(Number(args[1] ?? 20), args[2] ?? "");
} else {
  const { versions } = await import(join(import.meta.dirname, "switch/versions.mjs"));
  await versions(args[0] ?? "", args[1]);
}
