import { releaseFolder } from "../../deploy/paths.ts";
import { listReleases, readRelease, type Release } from "../../deploy/releases.ts";
import type { AppView } from "../view.ts";
import { html, type Html } from "../../report/html.ts";
import type { Page } from "./layout.ts";
import { state, table, time } from "./parts.ts";

/** What differs between two releases: what runs, names of variables whose value differs, migrations. */
export async function comparePage({ registered: { app }, paths }: AppView, from: string, to: string): Promise<Page | undefined> {
  if (![from, to].every((id) => /^r\d+$/.test(id))) return undefined;
  const [one, other, all] = await Promise.all([
    readRelease(releaseFolder(paths, from)),
    readRelease(releaseFolder(paths, to)),
    listReleases(paths),
  ]);
  if (!one || !other) return undefined;
  const rows = [
    ...changed(one.artifacts, other.artifacts).map((name) => [`runs ${name}`, print(one.artifacts[name]), print(other.artifacts[name])]),
    // Fingerprints say whether a value differs, and nothing of the value.
    ...changed(one.environment, other.environment).map((name) => [
      html`variable <code>${name}</code>`,
      one.environment[name] === undefined ? "not set" : "set",
      other.environment[name] === undefined ? "not set" : one.environment[name] === undefined ? "set" : "another value",
    ]),
    ...(one.migrations === other.migrations
      ? []
      : [["migrations", print(one.migrations?.slice(0, 12)), print(other.migrations?.slice(0, 12))]]),
    ...(one.commit === other.commit ? [] : [["commit", describe(one), describe(other)]]),
  ];
  const words = rows.length === 0 ? "nothing differs" : rows.length === 1 ? "one difference" : `${rows.length} differences`;
  const body = html`${choosePair(app, all.map(({ id }) => id).toReversed(), from, to)}
  ${table(
    "Who made them",
    ["Release", "Made", "By", "Deployment"],
    [one, other].map((its) => [
      its.id,
      time(its.createdAt),
      its.author,
      html`<a href="/apps/${app}/deployments/${its.deployment}">${its.deployment}</a>`,
    ]),
    "",
  )}
  ${table(`What differs between ${from} and ${to}`, ["What", from, to], rows, "Nothing differs: the same code, the same environment, the same migrations.")}`;
  return { title: `${from} and ${to}`, app, place: "/deployments", state: `${app}: ${words}`, lead: state(null, words), body };
}

/** A form that needs no script. */
export function choosePair(app: string, releases: readonly string[], from = releases[1], to = releases[0]): Html {
  const select = (name: string, label: string, chosen: string | undefined): Html =>
    html`<label
      >${label}
      <select name="${name}">
        ${releases.map((id) => html`<option ${id === chosen ? html`selected` : null}>${id}</option>`)}
      </select></label
    >`;
  return html`<form class="actions" method="get" action="/apps/${app}/compare">
    ${select("from", "From", from)} ${select("to", "to", to)} <button class="other" type="submit">Compare</button>
  </form>`;
}

function changed(one: Record<string, string>, other: Record<string, string>): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => one[name] !== other[name]).toSorted();
}

function print(text: string | null | undefined): Html {
  return text ? html`<code>${text}</code>` : html`<span class="quiet">none</span>`;
}

function describe({ commit, dirty }: Release): string {
  return `${commit?.slice(0, 12) ?? "unknown"}${dirty ? ", with changes" : ""}`;
}
