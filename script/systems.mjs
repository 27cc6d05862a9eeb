// Runs the tests of the five systems and of their incidents, and makes docs/SYSTEMS.md and docs/INCIDENTS.md of what they say.
// `node script/systems.mjs [NAME]`, after script/test has set the lab up; NAME is a system, or `incidents`.
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeIncidents } from "./systems.d/incidents.mjs";
import { writeSystems } from "./systems.d/lines.mjs";
import { tell } from "./systems.d/told.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, ".cache/js/packages/aplomo/test/systems");
const only = process.argv[2] ?? "";
// The longest first, so that the last one does not run alone for long.
const longest = ["octavios", "imagine-crm", "incidents-compose"];
const rank = (name) => (longest.findIndex((one) => name.startsWith(one)) + longest.length + 1) % (longest.length + 1);
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".test.js") && name.includes(only))
  .toSorted((a, b) => rank(a) - rank(b));
if (names.length === 0) throw new Error(`no system is called ${only}`);

process.env["APLOMO_WRITE_INCIDENTS"] = "1";
const told = await tell(names.map((name) => join(folder, name)));
const has = (incidents) => names.some((name) => name.startsWith("incidents") === incidents);
const written = [
  has(false) && (await writeSystems(join(root, "docs/SYSTEMS.md"), await readFile(join(root, "script/systems.md"), "utf8"), told)),
  has(true) && (await writeIncidents(join(root, "docs/INCIDENTS.md"), told)),
].filter((one) => one !== false);
for (const { table } of written) console.log(`\n${table}`);
const missing = written.flatMap((one) => one.missing);
console.log(missing.length === 0 ? "\nevery line has a test that passed" : `\nwithout a test that passed: ${missing.join(", ")}`);
if (told.failed || missing.length > 0) process.exitCode = 1;
