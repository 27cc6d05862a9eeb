// Tables in docs/BENCHMARKS.md, between their marks.
import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join, resolve } from "node:path";

const page = join(resolve(import.meta.dirname, "../../.."), "docs/BENCHMARKS.md");

/** Puts rows in the place of those with the same first `keys` cells, all in the order of `rank`; the rest of the page stays. */
export async function put(name, head, rows, keys, rank) {
  const text = await readFile(page, "utf8");
  const marks = new RegExp(`<!-- ${name} -->\\n([^]*?)<!-- end -->`);
  const found = marks.exec(text);
  if (!found) throw new Error(`${page} has no place for ${name}`);
  const keyOf = (cells) => cells.slice(0, keys).join(" | ");
  const all = new Map(parse(found[1], head.length).map((cells) => [keyOf(cells), cells]));
  for (const row of rows) all.set(keyOf(row.map(String)), row.map(String));
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const table = [
    line(head),
    line(head.map(() => "---")),
    ...[...all.values()].sort((one, other) => rank(one) - rank(other)).map(line),
  ].join("\n");
  const machine = `${cpus().length} cores, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`;
  const next = `<!-- ${name} -->\n\n${table}\n\n${machine}\n\n<!-- end -->`;
  await writeFile(page, text.slice(0, found.index) + next + text.slice(found.index + found[0].length));
}

/** The rows that are there, when they have as many columns. */
function parse(text, columns) {
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  return rows
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    )
    .filter((cells) => cells.length === columns);
}
