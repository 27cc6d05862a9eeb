import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AplomoError } from "../../base/errors.ts";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../../host/files.ts";
import type { Site } from "../contract.ts";
import type { CaddyFolder } from "./config.ts";

/** Every application on this edge, as its own Aplomo wrote it down. */
export async function readSites(folder: CaddyFolder): Promise<Site[]> {
  const names = await readdir(folder.sites).catch(() => []);
  const texts = await Promise.all(
    names.toSorted((one, other) => (one < other ? -1 : 1)).map((name) => readIfPresent(join(folder.sites, name, "site.json"))),
  );
  return texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as Site]));
}

export async function writeSite(folder: CaddyFolder, site: Site): Promise<void> {
  await makePrivateFolder(join(folder.sites, site.app));
  await writeFileSafely(join(folder.sites, site.app, "site.json"), `${JSON.stringify(site, null, 2)}\n`);
}

export async function removeSite(folder: CaddyFolder, app: string): Promise<void> {
  // The site first: what is left of a folder without it is nobody's.
  await rm(join(folder.sites, app, "site.json"), { force: true });
  await rm(join(folder.sites, app), { recursive: true, force: true });
}

/** The sites as they will be with this one; throws when another application answers for the same requests. */
export function withSite(sites: readonly Site[], site: Site): Site[] {
  const others = sites.filter(({ app }) => app !== site.app);
  const clash = clashOf(others, site);
  if (clash) throw new AplomoError({ operation: "put in front", subject: site.app, cause: clash.message, hint: clash.hint });
  return [...others, site];
}

export function clashOf(others: readonly Site[], site: Site): { message: string; hint: string } | undefined {
  const wanted = site.hosts.length > 0 ? site.hosts : [""];
  for (const other of others) {
    if (other.app === site.app || other.path !== site.path || other.https !== site.https) continue;
    const taken = wanted.find((host) => (other.hosts.length > 0 ? other.hosts : [""]).includes(host));
    if (taken === undefined) continue;
    const what = taken === "" ? "every host that no other application names" : taken;
    return {
      message: `${other.app} answers for ${what} already`,
      hint: "Give each application its own `edge.hosts`, or its own `edge.path`.",
    };
  }
  return undefined;
}
