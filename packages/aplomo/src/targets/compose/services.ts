import type { Settings, ComposeSettings } from "../../config/schema.ts";
import type { Project } from "./model.ts";

/** Which services play which part. */
export interface Parts {
  /** A release replaces them. */
  deployed: string[];
  /** Their image and environment are needed for one-shot commands, besides those of the deployed ones. */
  jobs: string[];
  /** Databases, and what deployed services depend on without being deployed: started when they do not run, never made anew. */
  supporting: string[];
  /** Would be deployed, but others wait for them to end: one-shot commands that `aplomo.yml` does not name. */
  oneShot: string[];
  /** Named in `aplomo.yml`, not there. */
  missing: string[];
}

/** Compose services in which the app's databases live. */
export function databaseServices(settings: Settings): string[] {
  return Object.values(settings.databases).flatMap((database) => database.service ?? []);
}

export function partsOf(project: Project, settings: Settings): Parts {
  const target = settings.target as ComposeSettings;
  const databases = new Set(databaseServices(settings));
  const jobs = new Set([settings.migrate, settings.seed, ...settings.derive].flatMap((job) => job?.service ?? []));
  const awaited = new Set(Object.values(project.services).flatMap(awaitedBy));
  const isThere = (name: string): boolean => name in project.services;

  const candidates = Object.keys(project.services).filter((name) => !databases.has(name) && !project.services[name]?.profiles?.length);
  const chosen = target.services ?? candidates.filter((name) => !(awaited.has(name) && jobs.has(name)));
  const oneShot = target.services ? [] : chosen.filter((name) => awaited.has(name));
  const deployed = chosen.filter((name) => isThere(name) && !oneShot.includes(name));
  const named = [...databases, ...(target.services ?? []), ...jobs];
  return {
    deployed,
    jobs: [...jobs].filter((name) => isThere(name) && !deployed.includes(name)),
    supporting: supportOf(project, deployed, [...databases].filter(isThere)).filter((name) => !awaited.has(name)),
    oneShot,
    missing: [...new Set(named)].filter((name) => !isThere(name)),
  };
}

function awaitedBy(service: Project["services"][string]): string[] {
  return Object.entries(service.depends_on).flatMap(([name, how]) => (how.condition === "service_completed_successfully" ? [name] : []));
}

/** The databases and everything that these and the deployed services depend on, directly or not. */
function supportOf(project: Project, deployed: readonly string[], databases: readonly string[]): string[] {
  const found = new Set(databases);
  const visit = (name: string): void => {
    for (const dependency of Object.keys(project.services[name]?.depends_on ?? {})) {
      if (found.has(dependency) || deployed.includes(dependency) || !(dependency in project.services)) continue;
      found.add(dependency);
      visit(dependency);
    }
  };
  for (const name of [...deployed, ...databases]) visit(name);
  return [...found];
}
