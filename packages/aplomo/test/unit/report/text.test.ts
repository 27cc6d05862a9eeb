import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Event } from "../../../src/base/events.ts";
import { jsonPrinter } from "../../../src/report/json.ts";
import { terminalOf, type Terminal } from "../../../src/report/printer.ts";
import { textPrinter } from "../../../src/report/text.ts";

function print(events: readonly Event[], terminal: Partial<Terminal> = {}): string {
  let text = "";
  const printer = textPrinter({ live: false, colours: false, columns: 80, ...terminal, write: (part) => void (text += part) });
  for (const event of events) printer.emit(event);
  printer.close();
  return text;
}

/** What a terminal shows in the end: a line that was erased is gone. */
function onScreen(text: string): string[] {
  return text.split("\n").map((line) => line.split("\r\u001b[2K").at(-1) ?? "");
}

const deploy: Event[] = [
  { type: "deployment.started", deployment: "d2", app: "agenda", action: "deploy", release: "r2", previous: "r1" },
  { type: "step.started", step: "protect.backup.agenda", phase: "protect", title: "back up database agenda" },
  { type: "step.progress", step: "protect.backup.agenda", message: "dumping", done: 1, total: 3 },
  { type: "progress", subject: "agenda", message: "checking" },
  { type: "step.ended", step: "protect.backup.agenda", durationMs: 1_200, evidence: { backup: "b1", rows: { users: 3 }, units: [] } },
  { type: "step.started", step: "change.hold", phase: "change", title: "stop r1" },
  { type: "step.ended", step: "change.hold", durationMs: 80, evidence: { units: ["a", "b"] } },
  { type: "step.started", step: "change.migrate", phase: "change", title: "migrate the data: node migrate.js" },
  {
    type: "step.failed",
    step: "change.migrate",
    durationMs: 500,
    failure: { message: "could not pass the migrate gate\nwith two lines", hint: "look", evidence: { output: "one\n\ntwo\n" } },
  },
  { type: "undo.started", step: "change.hold", title: "undo: stop r1" },
  { type: "undo.ended", step: "change.hold", durationMs: 900, evidence: {} },
  {
    type: "deployment.finished",
    deployment: "d2",
    outcome: "undone",
    release: "r2",
    previous: "r1",
    durationMs: 3_000,
    failedStep: "change.migrate",
    rowsLost: 0,
  },
];

const page = `agenda d2: deploy r2, now r1
protect
  ✓ back up database agenda 1.2 s, backup b1
change
  ✓ stop r1 80 ms, units 2
  ✗ migrate the data: node migrate.js 500 ms
    could not pass the migrate gate
    with two lines
    | one
    | two
    look
undo
  ↶ undo: stop r1 900 ms
undone: r1 is in front as before (change.migrate failed), rows lost: 0, after 3.0 s
`;

describe("the text printer", () => {
  it("prints each step once where lines cannot be rewritten", () => assert.equal(print(deploy), page));

  it("rewrites the line of the step that runs on a terminal, and leaves the same page", () => {
    const live = print(deploy, { live: true });
    assert.ok(live.includes("\r\u001b[2K  · back up database agenda dumping 33 %"));
    assert.deepEqual(onScreen(live), page.split("\n"));
  });

  it("colours only where that was asked for", () => {
    assert.equal(print(deploy).includes("\u001b"), false);
    assert.ok(print(deploy, { colours: true }).includes("\u001b[32m✓\u001b[0m"));
  });

  it("never rewrites more than one line of the terminal", () => {
    const live = print([{ ...deploy[1], title: "x".repeat(300) } as Event, deploy[2] as Event], { live: true, columns: 40 });
    for (const part of live.split("\r\u001b[2K")) for (const line of part.split("\n")) assert.ok(line.length < 40, line);
    assert.match(live, /x…/);
  });

  it("ends a line that is being rewritten when it is closed", () => {
    assert.ok(print(deploy.slice(0, 3), { live: true }).endsWith("dumping 33 %\n"));
    assert.equal(print([]), "");
  });

  it("says how a deployment ended", () => {
    const ended = (more: object): string => print([{ ...deploy.at(-1), ...more } as Event]);
    assert.equal(ended({ outcome: "deployed", failedStep: null }), "deployed: r2 is in front and proven, after 3.0 s\n");
    assert.equal(
      ended({ outcome: "refused", previous: null }),
      "refused: nothing was touched, nothing is in front (change.migrate failed)\n",
    );
    assert.match(ended({ outcome: "stuck" }), /^stuck: a person is needed; .*`aplomo report d2`/);
    assert.match(ended({ failedStep: null }), /interrupted failed/);
  });

  it("says recovery, warnings and errors with their hints", () => {
    const said = print([
      { type: "recovery.started", deployment: "d1", decision: "undo" },
      { type: "recovery.started", deployment: "d1", decision: "finish" },
      { type: "undo.failed", step: "a", durationMs: 1, failure: { message: "no", hint: "decide" } },
      { type: "warning", message: "careful", hint: "so" },
      { type: "error", message: "could not", hint: "do", exitCode: 1 },
      { type: "error", message: "aplomo.yml:1:1: app is missing", exitCode: 2 },
    ]);
    assert.equal(
      said,
      `d1 was interrupted: it is undone now
d1 was interrupted: it is finished now
  ✗ 
    no
    decide
warning careful
        so
error could not
      do
aplomo.yml:1:1: app is missing
`,
    );
  });

  it("prints a plan with phases, details and what it interrupts", () => {
    const planned: Event = {
      type: "deployment.planned",
      app: "agenda",
      release: "r2",
      previous: "r1",
      steps: [
        { id: "a", phase: "prepare", title: "check", details: ["data stays"] },
        { id: "b", phase: "prepare", title: "make" },
        { id: "c", phase: "switch", title: "replace", interrupts: 2_400 },
      ],
      notes: ["requests fail for about 2.4 s"],
    };
    assert.equal(
      print([planned]),
      `agenda: r2 replaces r1
  prepare  check
           data stays
           make
  switch   replace (interrupts about 2.4 s)
  requests fail for about 2.4 s
`,
    );
    assert.match(print([{ ...planned, previous: null }]), /^agenda: r2, the first release\n/);
  });
});

it("the JSON printer prints one object a line, with the time first", () => {
  let text = "";
  const printer = jsonPrinter(
    (part) => void (text += part),
    () => new Date(0),
  );
  for (const event of deploy) printer.emit(event);
  printer.close();
  const lines = text.trimEnd().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line) as unknown),
    deploy.map((event) => ({ at: "1970-01-01T00:00:00.000Z", ...event })),
  );
  assert.ok(lines[0]?.startsWith('{"at":"1970-01-01T00:00:00.000Z","type":"deployment.started"'));
});

it("a terminal is live and coloured, unless it is dumb or NO_COLOR is set", () => {
  const tty = { isTTY: true, columns: 100 } as NodeJS.WriteStream;
  const facts = (stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): unknown[] => {
    const { live, colours, columns } = terminalOf(stream, env);
    return [live ? "live" : "plain", colours ? "coloured" : "bare", columns];
  };
  assert.deepEqual(facts(tty, {}), ["live", "coloured", 100]);
  assert.deepEqual(facts(tty, { NO_COLOR: "1" }), ["live", "bare", 100]);
  assert.deepEqual(facts(tty, { TERM: "dumb" }), ["plain", "bare", 100]);
  assert.deepEqual(facts({} as NodeJS.WriteStream, {}), ["plain", "bare", 80]);
});
