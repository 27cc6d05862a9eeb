import type { Event, Evidence, FailureNote } from "../base/events.ts";
import { formatDuration } from "../base/time.ts";
import { paintFor, type Colour, type Paint } from "./colours.ts";
import type { Printer, Terminal } from "./printer.ts";
import { causeLines } from "./causes.ts";
import { planText } from "./plan.ts";
import { rehearsalRows } from "./rehearsal.ts";
import { resultText } from "./results.ts";
import { text } from "./value.ts";
import { english, type Say } from "./lang/say.ts";

const eraseLine = "\r\u001b[2K";
/** Milliseconds after which a step counts as long. */
const slowAfter = 10_000;

/** For people: a line a step, rewritten while it runs on a terminal, printed once elsewhere. */
export function textPrinter(terminal: Terminal, say: Say = english): Printer {
  const paint = paintFor(terminal.colours);
  let open = "";
  const line = (text: string): void => {
    terminal.write(`${open ? eraseLine : ""}${text}\n`);
    open = "";
  };
  const rewrite = (colour: Colour, subject: string, aside = ""): void => {
    if (!terminal.live) return;
    const shown = cut(subject, terminal.columns - 6);
    const rest = cut(aside, terminal.columns - 6 - shown.length);
    open = `  ${paint(colour, "·")} ${shown} ${paint("dim", rest)}`;
    terminal.write(`${eraseLine}${open}`);
  };
  let phase = "";
  let title = "";
  let slow: NodeJS.Timeout | undefined;
  // Where lines cannot be rewritten, a long step says once that it is under way.
  const begin = (colour: Colour): void => {
    rewrite(colour, title);
    if (!terminal.live) slow = setTimeout(() => line(`  ${paint(colour, "·")} ${title} ...`), slowAfter).unref();
  };
  const emit = (event: Event): void => {
    if (event.type !== "step.progress" && event.type !== "progress") clearTimeout(slow);
    switch (event.type) {
      case "step.started":
        title = say(event.title);
        if (event.phase !== phase) line(paint("bold", say(event.phase)));
        phase = event.phase;
        return begin("cyan");
      case "step.progress":
        return rewrite("cyan", title, progress(event, say));
      case "step.ended":
        line(`  ${paint("green", "✓")} ${title} ${paint("dim", took(event.durationMs, say, event.evidence))}`);
        return rehearsalRows(event.evidence, say).forEach(([label, words]) => line(`    ${paint("dim", `${label}:`)} ${words}`));
      case "step.failed":
        line(`  ${paint("red", "✗")} ${title} ${paint("dim", took(event.durationMs, say))}`);
        rehearsalRows(event.failure.evidence, say).forEach(([label, words]) => line(`    ${paint("dim", `${label}:`)} ${words}`));
        return failureLines(event.failure, paint, say).forEach(line);
      case "undo.started":
        title = say(event.title);
        if (phase !== "undo") line(paint("bold", say("undo")));
        phase = "undo";
        return begin("yellow");
      case "undo.ended":
        return line(`  ${paint("yellow", "↶")} ${title} ${paint("dim", took(event.durationMs, say, event.evidence))}`);
      case "undo.failed":
        line(`  ${paint("red", "✗")} ${title}`);
        return failureLines(event.failure, paint, say).forEach(line);
      case "progress":
        return rewrite("cyan", say(event.subject), progress(event, say));
      case "deployment.planned":
        return planText(event, paint, say).forEach(line);
      case "deployment.started":
        return line(
          paint(
            "bold",
            `${event.app} ${event.deployment}: ${say(event.action)} ${event.release}${event.previous ? say`, now ${event.previous}` : ""}`,
          ),
        );
      case "recovery.started":
        return line(
          paint(
            "yellow",
            say`${event.deployment} was interrupted: ${event.decision === "finish" ? say("it is finished now") : say("it is undone now")}`,
          ),
        );
      case "deployment.finished":
        return line(finishedLine(event, paint, say));
      case "warning":
        line(`${paint("yellow", say("warning"))} ${say(event.message)}`);
        return event.hint ? line(`        ${say(event.hint)}`) : undefined;
      case "error":
        // What is wrong in a file begins with where it is, so that editors and terminals can jump there.
        line(/^\S+:\d+:\d+: /.test(event.message) ? say(event.message) : `${paint("red", say("error"))} ${say(event.message)}`);
        return event.hint ? line(`      ${paint("cyan", say(event.hint))}`) : undefined;
      case "result":
        return resultText(event.command, event.data, paint, say).forEach(line);
    }
  };
  return { emit, close: () => (open ? line(open) : undefined) };
}

function cut(text: string, columns: number): string {
  const line = text.replaceAll("\n", " ");
  return line.length <= columns ? line : columns < 2 ? "" : `${line.slice(0, columns - 1)}…`;
}

function progress(event: { message: string; done?: number; total?: number }, say: Say): string {
  if (event.done === undefined || event.total === undefined || event.total === 0) return say(event.message);
  return `${say(event.message)} ${Math.floor((100 * event.done) / event.total)} %`;
}

/** What a reader believes a tick for: the one or two facts behind it. */
function took(ms: number, say: Say, evidence: Evidence = {}): string {
  const facts = ["backup", "data", "units", "server", "restarts", "exitCode"].flatMap((name) => {
    const value = evidence[name];
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return [];
    return [`${say(name)} ${Array.isArray(value) ? value.length : text(value)}`];
  });
  return [formatDuration(ms), ...facts.slice(0, 2)].join(", ");
}

function failureLines(failure: FailureNote, paint: Paint, say: Say): string[] {
  const log = failure.evidence?.["log"] ?? failure.evidence?.["output"];
  const said = typeof log === "string" ? log.split("\n").filter(Boolean).slice(-8) : [];
  return [
    ...say(failure.message)
      .split("\n")
      .map((line) => `    ${paint("red", line)}`),
    ...said.map((text) => `    ${paint("dim", `| ${text}`)}`),
    ...(failure.hint ? [`    ${paint("cyan", say(failure.hint))}`] : []),
    ...causeLines(failure.causes ?? [], paint, say).map((line) => `    ${line}`),
  ];
}

function finishedLine(event: Extract<Event, { type: "deployment.finished" }>, paint: Paint, say: Say): string {
  const time = formatDuration(event.durationMs);
  const old = event.previous ?? say("nothing");
  switch (event.outcome) {
    case "deployed":
      return paint("green", say`deployed: ${event.release} is in front and proven, after ${time}`);
    case "rehearsed":
      return paint(
        "green",
        say`rehearsed: production was not touched, ${old} is in front; \`aplomo report ${event.deployment}\` tells what was found`,
      );
    case "undone":
      return paint(
        "yellow",
        say`undone: ${old} is in front as before (${event.failedStep ?? say("interrupted")} failed), rows lost: ${event.rowsLost}, after ${time}`,
      );
    case "refused":
      return paint("yellow", say`refused: nothing was touched, ${old} is in front (${event.failedStep ?? say("interrupted")} failed)`);
    case "stuck":
      return paint(
        "red",
        say`stuck: a person is needed; the line above says what to do, \`aplomo report ${event.deployment}\` what happened`,
      );
  }
}
