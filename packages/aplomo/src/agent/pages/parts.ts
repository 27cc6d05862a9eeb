import type { Signal } from "../signal.ts";
import { html, type Html } from "../../report/html.ts";

/** Pieces that several pages have. */

/** Of UTC, as each page's foot says. */
export function time(at: string | Date | null | undefined): Html {
  if (at === null || at === undefined) return html`<span class="quiet">never</span>`;
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")}</time>`;
}

/** How long ago, or how soon; the moment itself is shown by whoever points at it. */
export function ago(at: string | Date | null | undefined, now: Date): Html {
  if (at === null || at === undefined) return html`<span class="quiet">never</span>`;
  const date = new Date(at);
  const iso = date.toISOString();
  const away = date.getTime() - now.getTime();
  const long = span(Math.abs(away));
  const words = Math.abs(away) < 60_000 ? (away > 0 ? "within a minute" : "just now") : away > 0 ? `in ${long}` : `${long} ago`;
  return html`<time datetime="${iso}" title="${iso.slice(0, 16).replace("T", " ")} UTC">${words}</time>`;
}

/** In its largest unit: `3 min`, `11 h`, `12 days`. */
export function span(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`;
  return `${Math.round(minutes / 1_440)} days`;
}

export function state(good: boolean | null, words: string): Html {
  const [kind, mark] = good === null ? ["none", "○"] : good ? ["good", "✓"] : ["bad", "✗"];
  return html`<span class="state ${kind}"><span aria-hidden="true">${mark} </span><span class="words">${words}</span></span>`;
}

/** A sentence in which commands stand between backticks. */
export function prose(text: string): Html {
  return html`${text.split("`").map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}`;
}

/** What is worth a glance, as large as it deserves: a name, its value, and what is to be known besides. */
export function tiles(all: readonly (readonly [name: string, value: Html | string, more?: Html | string | null])[]): Html {
  return html`<dl class="tiles">
    ${all.map(
      ([name, value, more]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
          ${more ? html`<dd class="more">${more}</dd>` : null}
        </div>`,
    )}
  </dl>`;
}

/** Names and values, a line each. */
export function facts(all: readonly (readonly [name: string, value: Html | string | null])[]): Html {
  return html`<dl class="facts">
    ${all.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value ?? "–"}</dd>
        </div>`,
    )}
  </dl>`;
}

export interface Found extends Pick<Signal, "level" | "subject" | "message" | "next"> {
  evidence?: readonly string[];
}

/** What is wrong, each with what to do about it; `good` is said when nothing is. */
export function findings(all: readonly Found[], good = "nothing is wrong"): Html {
  if (all.length === 0) return html`<p>${state(true, good)}</p>`;
  return html`<ul class="findings">
    ${all.map(
      ({ level, subject, message, next, evidence = [] }) =>
        html`<li class="${level === "error" ? "bad" : "warn"}">
          <p><strong>${level === "error" ? "Error" : "Warning"}: ${subject}</strong></p>
          <p>${prose(message)}</p>
          ${next === null ? null : html`<p class="next"><span>Next</span> ${prose(next)}</p>`}
          ${evidence.length === 0 ? null : html`<pre tabindex="0" aria-label="What shows it">${evidence.join("\n")}</pre>`}
        </li>`,
    )}
  </ul>`;
}

export interface Column {
  name: string;
  number?: boolean;
}

/** `aNameOrAnAddress/path`: may be broken behind a slash, sooner than in the middle of a word; who speaks HTTP goes without saying. */
export function place(name: string): Html {
  return html`${name
    .replace(/^https?:\/\//, "")
    .split(/(?<=\/)/)
    .map((part) => html`${part}<wbr />`)}`;
}

/** A number and its unit stay on one line. */
export function whole(text: string): string {
  return text.replaceAll(" ", "\u00a0");
}

/** A table; where the screen is narrow each row becomes a block of names and values, whose roles are said since the layout hides them. */
export function table(
  caption: string,
  columns: readonly (string | Column)[],
  rows: readonly (Html | string | number | null)[][],
  empty: string,
  /** The heading above says what the caption does, to those who see it. */
  headed = false,
): Html {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  const heads = columns.map((column) => (typeof column === "string" ? { name: column, number: false } : column));
  const kind = (index: number): string => (heads[index]?.number ? "n" : "");
  return html`<table role="table">
    <caption class="${headed ? "unseen" : ""}">
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${heads.map(({ name }, index) => html`<th role="columnheader" scope="col" class="${kind(index)}">${name}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        (cells) =>
          html`<tr role="row">
            ${cells.map((cell, index) => html`<td role="cell" class="${kind(index)}" data-name="${heads[index]?.name}"><div>${cell ?? "–"}</div></td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** To the pages before and after, of what is shown a page at a time. */
export function turn(from: number, perPage: number, more: boolean): Html | null {
  const newer = from > 0 ? html`<a class="button other" href="?from=${Math.max(0, from - perPage)}">Newer</a>` : null;
  const older = more ? html`<a class="button other" href="?from=${from + perPage}">Older</a>` : null;
  return newer || older ? html`<p class="actions">${newer} ${older}</p>` : null;
}

/** `69 B`, `43.1 MB`, `415 kB`: three digits say enough, and more do not fit into a day of the calendar on a phone. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** step;
  return `${value.toFixed(step === 0 || value >= 100 ? 0 : 1).replace(/\.0$/, "")} ${units[step]}`;
}

/** `1,200,000`, `-3`. */
export function count(value: number): string {
  return String(Math.round(value * 100) / 100).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}
