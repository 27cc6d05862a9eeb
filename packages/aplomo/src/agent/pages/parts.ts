import type { Signal } from "../signal.ts";
import { html, type Html } from "./html.ts";

/** Pieces that several pages have. */

export function time(at: string | Date | null | undefined): Html {
  if (at === null || at === undefined) return html`<span class="quiet">never</span>`;
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")} UTC</time>`;
}

export function state(good: boolean | null, words: string): Html {
  const [kind, mark] = good === null ? ["quiet", "○"] : good ? ["good", "✓"] : ["bad", "✗"];
  return html`<span class="state ${kind}"><span aria-hidden="true">${mark} </span><span class="words">${words}</span></span>`;
}

/** A sentence in which commands stand between backticks. */
export function prose(text: string): Html {
  return html`${text.split("`").map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}`;
}

export function findings(signals: readonly Signal[]): Html {
  if (signals.length === 0) return html`<p>${state(true, "nothing is wrong")}</p>`;
  return html`<ul class="findings">
    ${signals.map(
      ({ level, subject, message, next }) =>
        html`<li>
          <span class="${level === "error" ? "bad" : "warn"}"
            ><strong>${level === "error" ? "Error" : "Warning"}: ${subject}</strong>: ${message}</span
          >${next === null ? null : html`<br />${prose(next)}`}
        </li>`,
    )}
  </ul>`;
}

export interface Column {
  name: string;
  number?: boolean;
}

/** A table that scrolls by itself where the screen is narrow; reached with the keyboard too. */
export function table(
  caption: string,
  columns: readonly (string | Column)[],
  rows: readonly (Html | string | number | null)[][],
  empty: string,
): Html {
  if (rows.length === 0) return html`<p class="quiet">${empty}</p>`;
  const heads = columns.map((column) => (typeof column === "string" ? { name: column, number: false } : column));
  const kind = (index: number): string => (heads[index]?.number ? "n" : "");
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map(({ name }, index) => html`<th scope="col" class="${kind(index)}">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, index) => html`<td class="${kind(index)}">${cell ?? "–"}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1_000 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}
