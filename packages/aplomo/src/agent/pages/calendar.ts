import type { BackupRecord } from "../../backup/manifest.ts";
import { html, type Html } from "../../report/html.ts";
import { size, state } from "./parts.ts";

const day = 24 * 60 * 60_000;
const weeks = 6;
const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** A day each: whether one of its backups is proven, and how large the largest is. Weeks begin on Sunday, as the weekly tier's do. */
export function calendar(all: readonly BackupRecord[], now: Date): Html {
  const today = Math.floor(now.getTime() / day);
  const first = today - now.getUTCDay() - 7 * (weeks - 1);
  const dates = Array.from({ length: 7 * weeks }, (_, index) => new Date((first + index) * day).toISOString().slice(0, 10));
  const isFuture = (date: string): boolean => date > now.toISOString().slice(0, 10);
  // Before the first there is nothing to miss.
  const begun = all.map(({ manifest }) => manifest.createdAt.slice(0, 10)).reduce((a, b) => (a < b ? a : b), "9999");
  const isBare = (date: string): boolean => date < begun || isFuture(date);
  const its = (date: string): BackupRecord[] => all.filter(({ manifest }) => manifest.createdAt.startsWith(date));
  const rows = Array.from({ length: weeks }, (_, week) => dates.slice(7 * week, 7 * week + 7));
  return html`<table class="calendar">
    <caption class="unseen">
      Backups by day
    </caption>
    <thead>
      <tr>
        ${weekdays.map((name) => html`<th scope="col"><abbr title="${name}">${name.slice(0, 3)}</abbr></th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (week) =>
          html`<tr>
            ${week.map((date) => (isBare(date) ? html`<td class="future">${label(date)}</td>` : cell(date, its(date))))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function cell(date: string, its: readonly BackupRecord[]): Html {
  const proofs = its.flatMap(({ manifest }) => manifest.proof ?? []);
  const good = proofs.length === 0 ? null : proofs.some(({ proven }) => proven);
  const words = good === null ? (its.length === 0 ? "none" : "not proven") : good ? "proven" : "proof failed";
  const kind = its.length === 0 ? "future" : good === null ? "" : good ? "good" : "bad";
  const bytes = Math.max(0, ...its.map(({ manifest }) => manifest.bytes.stored));
  const more = its.length > 1 ? `, ${its.length}` : "";
  return html`<td class="${kind}">
    ${label(date)}${state(good, words)}${its.length === 0 ? null : html`<span class="bytes">${size(bytes)}${more}</span>`}
  </td>`;
}

function label(date: string): Html {
  const month = date.endsWith("-01") ? new Date(date).toLocaleString("en", { month: "short", timeZone: "UTC" }) : "";
  return html`<time datetime="${date}">${month} ${Number(date.slice(8))}</time>`;
}
