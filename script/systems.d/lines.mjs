import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";

/** How many lines each system has. */
export const systems = [
  { name: "imagine-crm", lines: 8 },
  { name: "leadmaster-hub", lines: 9 },
  { name: "citaplanner", lines: 7 },
  { name: "escalafin", lines: 4 },
  { name: "octavios", lines: 11 },
];
const titled = /^((?:S\d+\.\d+,? ?)+): (.*)$/;

/**
 * Makes docs/SYSTEMS.md of what the tests said: from each line to its test, and to what Aplomo said. A test's title begins with the lines it covers.
 * What was not run now stays as its last run has left it.
 * @param {string} file
 * @param {string} head what stands above the tables
 * @param {import("./told.mjs").Told} told
 * @returns {Promise<{ table: string, missing: string[] }>}
 */
export async function writeSystems(file, head, told) {
  const rows = new Map();
  for (const { name, file: path, place, result } of told.tests) {
    const [, lines, shows] = titled.exec(name) ?? [];
    const notes = told.notes.filter((note) => note.place === place).map(({ text }) => text);
    for (const line of lines?.match(/S\d+\.\d+/g) ?? [])
      rows.set(line, { file: basename(path).replace(/\.js$/, ".ts"), shows, result, notes });
  }
  const sections = (await readFile(file, "utf8").catch(() => "")).split(/^(?=## )/m);
  const pages = systems.map(({ name, lines }, index) => {
    const numbers = Array.from({ length: lines }, (_, line) => `S${index + 1}.${line + 1}`);
    const ran = numbers.some((line) => rows.has(line));
    const before = sections.find((section) => section.startsWith(`## ${name}\n`))?.trimEnd();
    const missing = numbers.filter((line) => rows.get(line)?.result !== "passed");
    return { ran, missing, text: ran ? [`## ${name}\n`, ...table(numbers, rows)].join("\n") : before };
  });
  const page = pages.flatMap(({ text }) => (text === undefined ? [] : [text])).join("\n\n");
  await writeFile(file, `${head}\n${page}\n`);
  const now = pages.filter(({ ran }) => ran);
  return { table: now.map(({ text }) => text).join("\n\n"), missing: now.flatMap(({ missing }) => missing) };
}

/** @param {string[]} numbers */
function table(numbers, rows) {
  const cell = (text) => text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
  const line = (number) => {
    const row = rows.get(number);
    if (!row) return `| ${number} | | not run | |`;
    const noted = (kind) => row.notes.filter((text) => text.startsWith(`${kind}: `)).map((text) => text.slice(kind.length + 2));
    const more = noted("also").map((other) => `, \`${other.replace(/^(aplomo|runtime)\/test\//, "")}\``);
    const words = noted("said")
      .map((text) => `\`${cell(text).replaceAll("`", "'")}\``)
      .join(" ");
    return `| ${number} | ${cell(row.shows)} | ${row.result}: \`${row.file}\`${more.join("")} | ${words} |`;
  };
  return ["| line | what the test shows | result and test | Aplomo said |", "|---|---|---|---|", ...numbers.map(line)];
}
