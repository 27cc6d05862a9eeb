import { releaseFolder } from "../../deploy/paths.ts";
import { readRelease, type Release } from "../../deploy/releases.ts";
import type { AppView } from "../view.ts";
import { html } from "./html.ts";
import type { Page } from "./layout.ts";
import { table, time } from "./parts.ts";

/** What differs between two releases: what runs, names of variables whose value differs, migrations. */
export async function comparePage({ registered: { app }, paths }: AppView, from: string, to: string): Promise<Page | undefined> {
  if (![from, to].every((id) => /^r\d+$/.test(id))) return undefined;
  const [one, other] = await Promise.all([from, to].map((id) => readRelease(releaseFolder(paths, id))));
  if (!one || !other) return undefined;
  const rows = [
    ...changed(one.artifacts, other.artifacts).map((name) => [`runs ${name}`, one.artifacts[name] ?? null, other.artifacts[name] ?? null]),
    // Fingerprints say whether a value differs, and nothing of the value.
    ...changed(one.environment, other.environment).map((name) => [
      `variable ${name}`,
      one.environment[name] === undefined ? "not set" : "set",
      other.environment[name] === undefined ? "not set" : one.environment[name] === undefined ? "set" : "another value",
    ]),
    ...(one.migrations === other.migrations
      ? []
      : [["migrations", one.migrations?.slice(0, 12) ?? "none", other.migrations?.slice(0, 12) ?? "none"]]),
    ...(one.commit === other.commit ? [] : [["commit", describe(one), describe(other)]]),
  ];
  const body = html`<dl>
      <dt>${from}</dt>
      <dd>made ${time(one.createdAt)} by ${one.author}</dd>
      <dt>${to}</dt>
      <dd>made ${time(other.createdAt)} by ${other.author}</dd>
    </dl>
    ${table(`What differs between ${from} and ${to}`, ["What", from, to], rows, "nothing differs")}`;
  return { title: `${app}: ${from} and ${to}`, app, place: "/deployments", state: `${app}: ${rows.length} differences`, body };
}

function changed(one: Record<string, string>, other: Record<string, string>): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => one[name] !== other[name]).toSorted();
}

function describe({ commit, dirty }: Release): string {
  return `${commit?.slice(0, 12) ?? "unknown"}${dirty ? ", with changes" : ""}`;
}
