import type { Config } from "../config/config.ts";
import type { Staged } from "../targets/contract.ts";
import type { Facts } from "./facts.ts";
import type { Request } from "./observe.ts";
import type { Release } from "./releases.ts";

/** Pure: whether the release is performed on a copy first. */
export function decideRehearsal(
  config: Pick<Config, "settings">,
  request: Request,
  serving: boolean,
  change: Facts["change"],
): NonNullable<Facts["rehearsal"]> {
  const no = (why: string): NonNullable<Facts["rehearsal"]> => ({ run: false, reason: `not rehearsed: ${why}` });
  const { databases, rehearsal } = config.settings;
  if (Object.keys(databases).length === 0) return no("aplomo.yml names no database");
  if (request.action === "rehearse") return { run: true, reason: "rehearsed because it was asked for" };
  if (request.rehearse === false) return no("--no-rehearsal");
  if (rehearsal.when === "never") return no("aplomo.yml says rehearsal.when: never");
  if (!serving) return no("nothing serves yet whose data could be copied");
  if (change === "none" && rehearsal.when === "change") return no("data is left alone (rehearsal.when: always rehearses code alone, too)");
  return { run: true, reason: "rehearsed on a restored copy of the data before production is touched" };
}

/** Pure: whether the release's migration, derived data and seed run. */
export function decideChange(
  config: Pick<Config, "settings">,
  next: Pick<Staged, "migrations">,
  earlier: Release | undefined,
  forced: boolean,
): Pick<Facts, "change" | "changeReason"> {
  const { migrate, seed, derive } = config.settings;
  if (!migrate && !seed && derive.length === 0)
    return { change: "none", changeReason: "data is left alone: aplomo.yml names no migration" };
  if (forced) return { change: "migrate", changeReason: "the migration runs because it was asked for" };
  if (!earlier) return { change: "migrate", changeReason: "the migration runs: this is the first release Aplomo deploys" };
  if (next.migrations !== null && next.migrations === earlier.migrations) {
    return { change: "none", changeReason: `data is left alone: the migrations are those of ${earlier.id}` };
  }
  if (next.migrations === null) {
    return { change: "migrate", changeReason: "the migration runs: without migrate.files nobody can tell whether it has anything to do" };
  }
  return { change: "migrate", changeReason: `the migration runs: its files differ from those of ${earlier.id}` };
}

/** Pure: what differs between two releases, in words; environment by name only. */
export function differences(next: Pick<Staged, "artifacts" | "environment">, earlier: Release | undefined): string[] {
  if (!earlier) return [];
  const said: string[] = [];
  for (const [service, artifact] of Object.entries(next.artifacts)) {
    if (earlier.artifacts[service] !== artifact)
      said.push(`${service}: new code (${short(artifact)}, was ${short(earlier.artifacts[service])})`);
  }
  for (const service of Object.keys(earlier.artifacts)) {
    if (next.artifacts[service] === undefined) said.push(`${service}: is no longer part of it`);
  }
  const names = new Set([...Object.keys(next.environment), ...Object.keys(earlier.environment)]);
  const changed = [...names].filter((name) => next.environment[name] !== earlier.environment[name] && !/(^|:)APLOMO_RELEASE$/.test(name));
  if (changed.length > 0) said.push(`environment: ${changed.toSorted().join(", ")}`);
  return said.length > 0 ? said : [`the same code and environment as ${earlier.id}`];
}

function short(artifact: string | undefined): string {
  return artifact === undefined ? "none" : artifact.replace(/^sha256:/, "").slice(0, 12);
}

/** Releases beyond `keep`, oldest first; never the current one. The one being made counts too. */
export function surplus(releases: readonly Release[], keep: number, current: string | undefined): Release[] {
  const others = releases.filter((release) => release.id !== current);
  return others.slice(0, Math.max(0, others.length - Math.max(0, keep - 2)));
}
