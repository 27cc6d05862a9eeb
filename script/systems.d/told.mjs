import { run } from "node:test";
import { spec } from "node:test/reporters";

/** @typedef {{ name: string, file: string, place: string, result: "passed" | "failed" | "skipped" }} Test */
/** @typedef {{ tests: Test[], notes: { place: string, text: string }[], failed: boolean }} Told */

const place = ({ file, line, column }) => `${file}:${line}:${column}`;

/**
 * Runs test files and gives back what their tests said. Two at a time: they wait for engines and watches more than they work.
 * The first files should be the longest.
 * @param {string[]} files
 * @returns {Promise<Told>}
 */
export async function tell(files) {
  /** @type {Told} */
  const told = { tests: [], notes: [], failed: false };
  const stream = run({ files, concurrency: 2, timeout: 1_800_000 });
  const ended = (result) => (event) => {
    told.tests.push({
      name: event.name,
      file: event.file ?? "",
      place: place(event),
      result: event.skip === undefined ? result : "skipped",
    });
    told.failed ||= result === "failed";
  };
  stream.on("test:pass", ended("passed"));
  stream.on("test:fail", ended("failed"));
  // What a test noted comes after its end.
  stream.on("test:diagnostic", (event) => told.notes.push({ place: place(event), text: event.message }));
  stream.compose(new spec()).pipe(process.stdout);
  await new Promise((resolve) => stream.once("end", resolve));
  return told;
}
