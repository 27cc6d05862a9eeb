// What every bench needs: the rivals installed, the library built, a port, a table.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

export const bench = import.meta.dirname;
const runtime = join(bench, "..");
const root = join(runtime, "../..");

/** Installs the rivals once and builds the library as it is now. */
export function prepare() {
  if (!existsSync(join(bench, "node_modules"))) run("npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"], bench);
  run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", runtime], root);
}

function run(program, args, cwd) {
  const { status } = spawnSync(program, args, { cwd, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed`);
}

/** A port nobody listens on. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Prints rows of strings under a heading, columns aligned, as Markdown. */
export function printTable(heading, rows) {
  const widths = heading.map((_, i) => Math.max(...[heading, ...rows].map((row) => row[i].length)));
  const line = (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |\n`;
  process.stdout.write(line(heading) + line(widths.map((width) => "-".repeat(width))) + rows.map(line).join(""));
}
