import { formatDuration } from "../../base/time.ts";
import type { Evidence } from "../../base/events.ts";
import type { Entry } from "../../deploy/journal.ts";
import { html, type Html } from "../../report/html.ts";

interface Shown {
  id: string;
  seq: number;
  title: string;
  phase: string;
  word: "done" | "failed" | "under way" | "taken back";
  from: number;
  durationMs: number | undefined;
  evidence: Evidence | undefined;
  /** What it said last while it ran. */
  progress: string | undefined;
}

/** A deployment's steps by phase, each with when it ran on one scale of time, and what shows that it did. */
export function phaseList(entries: readonly Entry[]): Html {
  const steps = stepsOf(entries);
  const [first, last] = [steps[0], entries.at(-1)];
  if (!first || !last) return html`<p class="empty">No step was begun.</p>`;
  const to = Math.max(Date.parse(last.at), first.from + 1);
  const phases = [...new Set(steps.map(({ phase }) => phase))];
  return html`<ol class="phases">
    ${phases.map((phase) => {
      const its = steps.filter((step) => step.phase === phase);
      const took = its.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0);
      const worst = its.find(({ word }) => word === "failed") ?? its.find(({ word }) => word === "under way") ?? its[0];
      return html`<li>
        <h3>${mark(worst?.word)} ${phase === "undo" ? "Taken back" : phase} <span class="quiet">${formatDuration(took)}</span></h3>
        <ol class="steps">
          ${its.map((step) => row(step, first.from, to))}
        </ol>
      </li>`;
    })}
  </ol>`;
}

function row({ id, seq, title, word, from, durationMs, evidence, progress }: Shown, begin: number, end: number): Html {
  const place = (at: number): string => (((at - begin) / (end - begin)) * 100).toFixed(2);
  const wide = Math.max(0.6, ((durationMs ?? end - from) / (end - begin)) * 100);
  return html`<li>
    <div class="what">
      <p>${mark(word)} ${title} <span class="quiet">${id}</span></p>
      ${progress === undefined || word !== "under way" ? null : html`<p class="quiet">${progress}</p>`} ${details(evidence, `e${seq}`)}
    </div>
    <svg class="when ${word === "failed" ? "bad" : ""}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect x="${Math.min(Number(place(from)), 99.4).toFixed(2)}" y="0" width="${Math.min(wide, 100).toFixed(2)}" height="8" />
    </svg>
    <p class="took">${durationMs === undefined ? "under way" : formatDuration(durationMs)}</p>
  </li>`;
}

function mark(word: Shown["word"] | undefined): Html {
  const [kind, sign, said] =
    word === "failed"
      ? ["bad", "✗", "failed"]
      : word === "under way"
        ? ["none", "○", "under way"]
        : word === "taken back"
          ? ["none", "↩", "taken back"]
          : ["good", "✓", "done"];
  return html`<span class="sign ${kind}"><span aria-hidden="true">${sign}</span><span class="unseen">${said}:</span></span>`;
}

function details(evidence: Evidence | undefined, id: string): Html | null {
  const names = Object.keys(evidence ?? {});
  if (names.length === 0) return null;
  return html`<details id="${id}">
    <summary>${names.slice(0, 4).join(", ")}${names.length > 4 ? " …" : ""}</summary>
    <pre tabindex="0">${JSON.stringify(evidence, null, 1)}</pre>
  </details>`;
}

function stepsOf(entries: readonly Entry[]): Shown[] {
  return entries.flatMap((entry, place): Shown[] => {
    if (entry.type !== "step.started" && entry.type !== "undo.started") return [];
    const isUndo = entry.type === "undo.started";
    // A step that a crash cut off is begun again, under the same name.
    const later = entries.slice(place + 1).filter((other) => "step" in other && other.step === entry.step);
    const next = later.findIndex(({ type }) => type === entry.type);
    const its = next === -1 ? later : later.slice(0, next);
    const end = its.find(({ type }) => (isUndo ? /^undo\.(ended|failed)$/ : /^step\.(ended|failed)$/).test(type));
    const failed = end?.type === "step.failed" || end?.type === "undo.failed";
    const done = end?.type === "step.ended" || end?.type === "undo.ended" ? end : undefined;
    const said = its.findLast((other) => other.type === "step.progress");
    return [
      {
        id: entry.step,
        seq: entry.seq,
        title: entry.title,
        phase: isUndo ? "undo" : entry.phase,
        word: done ? (isUndo ? "taken back" : "done") : failed ? "failed" : "under way",
        from: Date.parse(entry.at),
        durationMs: end && "durationMs" in end ? end.durationMs : undefined,
        evidence: done?.evidence,
        progress: said?.type === "step.progress" ? said.message : undefined,
      },
    ];
  });
}
