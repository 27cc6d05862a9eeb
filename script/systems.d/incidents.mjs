import { readFile, writeFile } from "node:fs/promises";

const count = 21;
/** Before a row that a test has noted. */
const mark = "incident: ";

/**
 * Puts the rows that the tests noted into docs/INCIDENTS.md. What was not caught now stays as its last run has left it.
 * @param {string} file
 * @param {import("./told.mjs").Told} told
 * @returns {Promise<{ table: string, missing: string[] }>}
 */
export async function writeIncidents(file, told) {
  const rows = told.notes.filter(({ text }) => text.startsWith(mark)).map(({ text }) => text.slice(mark.length));
  const lines = (await readFile(file, "utf8")).split("\n");
  for (const row of rows) put(lines, row);
  await writeFile(file, lines.join("\n"));
  const caught = new Set(rows.map(number));
  const ids = Array.from({ length: count }, (_, index) => index + 1).filter((id) => !caught.has(id));
  return { table: lines.filter((line) => line.startsWith("|")).join("\n"), missing: ids.map((id) => `I${id}`) };
}

/** In the order of their numbers, whichever test ended first. */
function put(lines, row) {
  const at = lines.findIndex((line) => number(line) === number(row));
  if (at >= 0) lines[at] = row;
  else lines.splice(lines.findLastIndex((line) => line.startsWith("|---") || number(line) < number(row)) + 1, 0, row);
}

function number(line) {
  return Number(/^\| I(\d+) \|/.exec(line)?.[1] ?? Infinity);
}
