import assert from "node:assert/strict";
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { StuckError } from "../../../src/base/errors.ts";
import type { Event } from "../../../src/base/events.ts";
import { journalFile, openJournal, readJournal } from "../../../src/deploy/journal.ts";

let parent = "";
before(async () => void (parent = await mkdtemp(join(tmpdir(), "aplomo-journal-"))));
after(() => rm(parent, { recursive: true, force: true }));
const folder = (): Promise<string> => mkdtemp(join(parent, "d-"));

const now = (): Date => new Date("2026-11-22T15:45:00.000Z");
const step = (id: string): Event => ({ type: "step.started", step: id, phase: "prepare", title: `Señal ${id}` });

it("keeps order, time and number, and nobody else can read it", async () => {
  const path = await folder();
  const journal = await openJournal(path, now);
  for (const id of ["a", "b", "c"]) journal.append(step(id));
  journal.close();
  journal.close();
  const entries = readJournal(path);
  assert.deepEqual(entries[1], { seq: 1, at: "2026-11-22T15:45:00.000Z", ...step("b") });
  assert.deepEqual(
    entries.map((entry) => entry.seq),
    [0, 1, 2],
  );
  assert.equal((await stat(journalFile(path))).mode & 0o777, 0o600);
});

it("is empty where there is none", async () => assert.deepEqual(readJournal(await folder()), []));

it("what append has taken is there for another process, at once", async () => {
  const path = await folder();
  const journal = await openJournal(path, now);
  journal.append(step("a"));
  const seen = execFileSync("cat", [journalFile(path)], { encoding: "utf8" });
  assert.equal(seen, `${JSON.stringify({ seq: 0, at: "2026-11-22T15:45:00.000Z", ...step("a") })}\n`);
  journal.close();
});

for (const torn of ['{"seq":2,"at":"20', '{"seq":2}', '{"title":"Se\u00c3', "{"])
  it(`leaves a last line out that was not written to its end (${torn}), and goes on behind the one before`, async () => {
    const path = await folder();
    const journal = await openJournal(path, now);
    journal.append(step("a"));
    journal.append(step("b"));
    journal.close();
    appendFileSync(journalFile(path), Buffer.from(torn, "latin1"));
    assert.deepEqual(
      readJournal(path).map((entry) => entry.seq),
      [0, 1],
    );
    const again = await openJournal(path, now);
    again.append(step("c"));
    again.close();
    const entries = readJournal(path);
    assert.deepEqual(
      entries.map((entry) => entry.seq),
      [0, 1, 2],
    );
    assert.deepEqual(entries[2], { seq: 2, at: "2026-11-22T15:45:00.000Z", ...step("c") });
    assert.ok((await readFile(journalFile(path), "utf8")).endsWith("}\n"));
  });

it("holds every line that was taken before a SIGKILL", async () => {
  const path = await folder();
  const writer = fork(join(import.meta.dirname, "writer.js"), [path], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  let taken = -1;
  writer.on("message", (seq: number) => {
    taken = seq;
    if (seq === 20) writer.kill("SIGKILL");
  });
  await once(writer, "exit");
  const entries = readJournal(path);
  assert.ok(entries.length > taken && taken >= 20);
  assert.deepEqual(
    entries.map((entry) => entry.seq),
    [...entries.keys()],
  );
});

it("a full disk takes no half line, and says what to do", async () => {
  const path = await folder();
  // The largest file this process may write: what a full disk does to one, without filling one.
  const script = `
    const { openJournal } = await import(${JSON.stringify(new URL("../../../src/deploy/journal.js", import.meta.url).href)});
    process.on("SIGXFSZ", () => {});
    const journal = await openJournal(${JSON.stringify(path)}, () => new Date(0));
    let taken = 0;
    try { for (; taken < 100; taken++) journal.append({ type: "warning", message: "x".repeat(100 + taken) }); }
    catch (error) { console.log(JSON.stringify({ taken, code: error.exitCode, message: error.message, hint: error.hint })); }`;
  await writeFile(join(path, "fill.mjs"), script);
  const said = execFileSync("sh", ["-c", 'ulimit -f 2; exec "$0" "$1"', process.execPath, join(path, "fill.mjs")], { encoding: "utf8" });
  const { taken, code, message, hint } = JSON.parse(said) as { taken: number; code: number; message: string; hint: string };
  assert.equal(code, new StuckError({ operation: "", subject: "" }).exitCode);
  assert.match(message, /could not write .*journal.jsonl: EFBIG/);
  assert.match(hint, /aplomo recover/);
  assert.equal(readJournal(path).length, taken);
  assert.ok((await readFile(journalFile(path), "utf8")).endsWith("}\n"));
});
