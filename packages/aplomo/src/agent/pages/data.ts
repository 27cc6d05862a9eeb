import { listBackups } from "../../backup/catalogue.ts";
import type { BackupRecord } from "../../backup/manifest.ts";
import { gather } from "../gather.ts";
import type { AppView } from "../view.ts";
import { chart, spark } from "./chart.ts";
import { html, type Html } from "../../report/html.ts";
import type { Page } from "./layout.ts";
import { count, findings, state, table } from "./parts.ts";

const days = 31;
const day = 24 * 60 * 60_000;
const most = 200;

/** What invariants speak of over time, and how many rows each table had in each backup. */
export async function dataPage({ registered: { app }, watch, look, paths }: AppView, now: Date): Promise<Page> {
  const since = new Date(now.getTime() - days * day);
  const tracks = await gather(watch.samples, since, now);
  const backups = (await listBackups(paths.backups)).filter(({ manifest }) => manifest.createdAt >= since.toISOString()).toReversed();
  const databases = [...new Set(backups.map(({ database }) => database))].toSorted();
  const broken = (look?.signals ?? []).filter(({ key }) => /^(invariant|database):/.test(key));
  const words =
    broken.length === 0
      ? "all that is said of the data holds"
      : broken.length === 1
        ? "one thing does not hold"
        : `${broken.length} do not hold`;
  const body = html`${broken.length === 0 ? null : findings(broken)}
    <h2>Invariants, the last ${days} days</h2>
    ${
      tracks.numbers.length === 0
        ? html`<p class="empty">aplomo.yml names no <code>invariants</code>, or they were not counted yet.</p>`
        : html`<div class="cards charts">
            ${tracks.numbers.map(({ name, points }) =>
              chart({ title: name, points, say: count, from: tracks.from, to: tracks.to, releases: tracks.releases }),
            )}
          </div>`
    }
    <h2>Rows of each table</h2>
    ${
      databases.length === 0
        ? html`<p class="empty">No backup was made in the last ${days} days: rows are counted in each one's own snapshot.</p>`
        : databases.map((database) => rowTable(database, backups))
    }`;
  return { title: `Data of ${app}`, app, place: "/data", state: `${app}: ${words}`, lead: state(broken.length === 0, words), body };
}

function rowTable(database: string, all: readonly BackupRecord[]): Html {
  const its = all
    .filter((one) => one.database === database)
    .map(({ manifest }) => ({ at: Date.parse(manifest.createdAt), rows: manifest.rows.snapshot }));
  const [first, last] = [its[0], its.at(-1)];
  const names = [...new Set(its.flatMap(({ rows }) => Object.keys(rows)))].toSorted();
  const shown = names.slice(0, most).map((name) => {
    const points = its.flatMap(({ at, rows }) => (rows[name] === undefined ? [] : [[at, rows[name]] as const]));
    const change = (last?.rows[name] ?? 0) - (first?.rows[name] ?? 0);
    return [
      name,
      last?.rows[name] === undefined ? html`<span class="warn">gone</span>` : count(last.rows[name]),
      change === 0 ? "–" : `${change > 0 ? "+" : ""}${count(change)}`,
      points.length < 2 ? null : spark(points),
    ];
  });
  return table(
    `Tables of ${database} in ${its.length === 1 ? "one backup" : `${its.length} backups`}${names.length > most ? `, the first ${most} of ${names.length}` : ""}`,
    ["Table", { name: "Rows", number: true }, { name: "Change", number: true }, "Over time"],
    shown,
    "It has no tables.",
  );
}
