import { listBackups } from "../../backup/catalogue.ts";
import type { BackupRecord } from "../../backup/manifest.ts";
import { formatDuration } from "../../base/time.ts";
import type { AppView } from "../view.ts";
import { calendar } from "./calendar.ts";
import { chart } from "./chart.ts";
import { html, type Html } from "../../report/html.ts";
import type { Page } from "./layout.ts";
import { ago, count, size, state, table, tiles, time, turn, whole } from "./parts.ts";

const perPage = 30;
const day = 24 * 60 * 60_000;

/** Backups as a calendar with their proof, how they grow, and each of them. */
export async function backupsPage({ registered: { app }, paths }: AppView, now: Date, from: number, mayAct: boolean): Promise<Page> {
  const all = await listBackups(paths.backups);
  const proven = all.find(({ manifest }) => manifest.proof?.proven);
  const words = proven ? "proven" : all.length === 0 ? "no backup yet" : "no backup is proven yet";
  const databases = [...new Set(all.map(({ database }) => database))].toSorted();
  const newest = all[0];
  const shown =
    all.length > perPage ? `${from + 1} to ${Math.min(from + perPage, all.length)} of ${count(all.length)} backups` : "All backups";
  const body = html`${
      newest
        ? tiles([
            ["Newest proven", ago(proven?.manifest.createdAt, now), proven ? html`${time(proven.manifest.createdAt)}` : null],
            ["Kept", count(all.length), `${size(all.reduce((sum, { manifest }) => sum + manifest.bytes.stored, 0))} together`],
            [
              "Newest",
              size(newest.manifest.bytes.stored),
              `${count(rowsOf(newest))} rows, took ${whole(formatDuration(newest.manifest.durations.totalMs))}`,
            ],
            ["Growth of a month", growth(databases, all, now), "of the newest backups together"],
          ])
        : null
    }
    <h2>The last six weeks</h2>
    ${calendar(all, now)}
    ${
      databases.length === 0
        ? null
        : html`<h2>Size and rows</h2>
            <div class="cards charts">${databases.map((database) => charts(database, all))}</div>`
    }
    <h2>${shown}</h2>
    ${table(
      `${shown}, newest first`,
      [
        "Backup",
        "Database",
        "Tier",
        "Proof",
        { name: "Rows", number: true },
        { name: "Size", number: true },
        { name: "Took", number: true },
        "Made",
      ],
      all
        .slice(from, from + perPage)
        .map((one) => [
          html`<span class="id">${one.id}</span>`,
          one.database,
          one.tier,
          proof(one.manifest.proof),
          count(rowsOf(one)),
          size(one.manifest.bytes.stored),
          formatDuration(one.manifest.durations.totalMs),
          time(one.manifest.createdAt),
        ]),
      "There is no backup yet.",
      true,
    )}
    ${turn(from, perPage, all.length > from + perPage)}`;
  const acts = html`<a class="button" href="/apps/${app}/act/backup">Back up now</a>
    <a class="button other" href="/apps/${app}/act/drill">Drill</a>`;
  return {
    title: `Backups of ${app}`,
    app,
    place: "/backups",
    state: `${app}: ${words}`,
    lead: state(proven !== undefined, words),
    acts: mayAct ? acts : null,
    body,
  };
}

function rowsOf({ manifest }: BackupRecord): number {
  return Object.values(manifest.rows.snapshot).reduce((sum, rows) => sum + rows, 0);
}

function proof(found: BackupRecord["manifest"]["proof"]): Html {
  if (found === null) return state(null, "not proven");
  return html`${state(found.proven, found.proven ? "proven" : "proof failed")}${found.differences.length === 0 ? null : html`<br /><span class="quiet">${found.differences.slice(0, 3).join("; ")}</span>`}`;
}

/** The newest backup of each database beside its oldest of the last month, both kept. */
function growth(databases: readonly string[], all: readonly BackupRecord[], now: Date): string {
  const since = new Date(now.getTime() - 31 * day).toISOString();
  const sizes = databases.map((database) => {
    const its = all.filter((one) => one.database === database && one.manifest.createdAt >= since);
    return { alone: its.length < 2, from: its.at(-1)?.manifest.bytes.stored ?? 0, to: its[0]?.manifest.bytes.stored ?? 0 };
  });
  const [from, to] = [sizes.reduce((sum, one) => sum + one.from, 0), sizes.reduce((sum, one) => sum + one.to, 0)];
  if (from === 0 || sizes.every(({ alone }) => alone)) return "–";
  return `${to < from ? "−" : "+"}${Math.round((100 * Math.abs(to - from)) / from)} %`;
}

function charts(database: string, all: readonly BackupRecord[]): Html {
  const its = all.filter((one) => one.database === database).toReversed();
  const over = (value: (one: BackupRecord) => number): (readonly [number, number])[] =>
    its.map((one) => [Date.parse(one.manifest.createdAt), value(one)] as const);
  return html`${chart({ title: "Size", of: database, points: over(({ manifest }) => manifest.bytes.stored), say: size })}
  ${chart({ title: "Rows", of: database, points: over(rowsOf), say: count })}`;
}
