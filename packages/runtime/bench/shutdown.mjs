// Ends the same small server through each library in seven ways and prints what a strict client saw: node shutdown.mjs [LIBRARY ...]
import { prepare, printTable } from "./prepare.mjs";
import { attempt } from "./shutdown/attempt.mjs";
import { cases, limit } from "./shutdown/cases.mjs";
import { names } from "./shutdown/libraries.mjs";

prepare();
const wanted = process.argv.slice(2).length > 0 ? process.argv.slice(2) : names;
const rows = [];
for (const library of wanted) {
  const cells = [];
  for (const test of cases) cells.push(await attempt(library, test, limit));
  const passed = cells.filter((cell) => cell.passed).length;
  rows.push([library, ...cells.map((cell) => cell.text), `${passed} of ${cases.length}`]);
  process.stderr.write(`${library}: ${passed} of ${cases.length}\n`);
}
process.stdout.write(
  `Node ${process.version}, ${limit} ms for each library where it can be set; seconds from signal to exit / exit status; * passed\n\n`,
);
printTable(["library", ...cases.map(({ title }) => title), "passed"], rows);
