import { listBackups } from "../../backup/catalogue.ts";
import type { BackupRecord } from "../../backup/manifest.ts";
import type { AppView } from "../view.ts";
import { chart } from "./chart.ts";
import { html, type Html } from "./html.ts";
import type { Page } from "./layout.ts";
import { size, state, table, time } from "./parts.ts";

const day = 24 * 60 * 60_000;
const weeks = 6;

/** Backups as a calendar with their proof, how they grow, and each of them. */
export async function backupsPage({ registered: { app }, paths }: AppView, now: Date): Promise<Page> {
  const all = await listBackups(paths.backups);
  const proven = all.find(({ manifest }) => manifest.proof?.proven);
  const words = proven
    ? `the newest proven backup is of ${proven.manifest.createdAt.slice(0, 16).replace("T", " ")} UTC`
    : "no backup is proven yet";
  const databases = [...new Set(all.map(({ database }) => database))].toSorted();
  const body = html`<p>${state(proven !== undefined, words)}</p>
    <h2>The last ${weeks} weeks</h2>
    ${calendar(all, now)}
    <h2>Growth</h2>
    <div class="cards">${databases.map((database) => growth(database, all))}</div>
    <h2>All</h2>
    ${table(
      `Backups of ${app}, newest first`,
      ["Backup", "Database", "Tier", "Proof", { name: "Rows", number: true }, { name: "Size", number: true }, "Made"],
      all
        .slice(0, 200)
        .map(({ id, database, tier, manifest }) => [
          id,
          database,
          tier,
          proof(manifest.proof),
          Object.values(manifest.rows.snapshot).reduce((sum, rows) => sum + rows, 0),
          size(manifest.bytes.stored),
          time(manifest.createdAt),
        ]),
      "there is no backup yet",
    )}`;
  return { title: `Backups of ${app}`, app, place: "/backups", state: `${app}: ${words}`, body };
}

function proof(found: BackupRecord["manifest"]["proof"]): Html {
  return found === null ? state(null, "not proven") : state(found.proven, found.proven ? "proven" : "proof failed");
}

/** Weeks begin on Sunday, as the weekly tier's do; days are of UTC. */
function calendar(all: readonly BackupRecord[], now: Date): Html {
  const today = Math.floor(now.getTime() / day);
  const first = today - now.getUTCDay() - 7 * (weeks - 1);
  const days = Array.from({ length: today - first + 1 }, (_, index) => new Date((first + index) * day).toISOString().slice(0, 10));
  return html`<ol class="calendar">
    ${days.map((date) => {
      const its = all.filter(({ manifest }) => manifest.createdAt.startsWith(date));
      const proofs = its.flatMap(({ manifest }) => manifest.proof ?? []);
      const good = proofs.length === 0 ? null : proofs.some(({ proven }) => proven);
      const words = good === null ? (its.length === 0 ? "none" : "not proven") : good ? "proven" : "proof failed";
      const bytes = Math.max(0, ...its.map(({ manifest }) => manifest.bytes.stored));
      return html`<li>
        <time datetime="${date}">${date.slice(5)}</time><br />${state(good, words)}${its.length > 0 ? html`<br />${size(bytes)}` : null}
      </li>`;
    })}
  </ol>`;
}

function growth(database: string, all: readonly BackupRecord[]): Html {
  const its = all.filter((one) => one.database === database).toReversed();
  return chart({
    title: `Size of ${database}`,
    points: its.map(({ manifest }) => [Date.parse(manifest.createdAt), manifest.bytes.stored] as const),
    say: size,
  });
}
