import { formatDuration } from "../base/time.ts";
import type { Database, Lock } from "../databases/contract.ts";
import { isWhole, takesItselfBack } from "../migrations/whole.ts";
import type { Facts } from "./facts.ts";
import { rehearsalStep, type Verdict } from "./rehearsal/verdict.ts";
import type { Work } from "./step.ts";
import { factsOf } from "./steps/prepare.ts";

/**
 * How a release's change of data is made. `live`: the current release serves on meanwhile. `hold`: requests wait at the edge, and
 * nothing runs. `stop`: nothing runs, and nothing lets requests wait.
 */
export type Way = "live" | "hold" | "stop";

/**
 * Live only when the rehearsal proved that the current release works on the migrated data, and when a change that fails half-way takes itself
 * back: else going back would have to restore, and would lose what people wrote meanwhile. `ran`: the texts of SQL that Aplomo ran on the copy.
 */
export function wayOf(work: Work, verdict: Verdict, ran: readonly string[] = []): Way {
  const { config, databases } = work;
  const { migrate, derive, seed } = config.settings;
  const programs = changedBy(databases, [migrate?.run ? migrate : undefined, seed, ...derive]);
  const files = changedBy(databases, [migrate?.run ? undefined : migrate]);
  const takesBack = ({ capabilities }: Database): boolean => capabilities.transactionalDdl;
  // A file that is one statement takes itself back as well, where the server does each as a whole or not at all.
  const takesFilesBack = (database: Database): boolean =>
    takesBack(database) ? ran.every(takesItselfBack) : factsOf(work, database.name)?.atomicStatements === true && ran.every(isWhole);
  if (verdict === "compatible" && programs.every(takesBack) && files.every(takesFilesBack)) return "live";
  return holdLimit(work) === undefined ? "stop" : "hold";
}

/** A job that does not say what it changes may change any. */
function changedBy(databases: readonly Database[], jobs: readonly ({ database?: string | undefined } | undefined)[]): Database[] {
  const named = new Set(jobs.flatMap((job) => (job ? [job.database] : [])));
  return databases.filter(({ name }) => named.has(undefined) || named.has(name));
}

/** Milliseconds requests may wait: as long as aplomo.yml says, and the edge can; undefined where nothing holds them. */
function holdLimit({ edge, facts, target, config }: Work): number | undefined {
  const { holds } = edge.capabilities;
  if (!holds || facts.edge?.pointed !== true || !target.capabilities.beside) return undefined;
  return Math.min(config.settings.hold.limit, holds.limitMs);
}

/** From the first request that waits to the first that is answered: the last backup as long as the first, the change as on the copy, and the start of the release there. */
export function expectedHold(work: Work, changedMs: number, healthyAfterMs: number): number {
  const backups = work.databases.map(({ name }) => Number(work.evidenceOf(`protect.backup.${name}`)?.["tookMs"] ?? 0));
  return Math.round(backups.reduce((sum, ms) => sum + ms, 0) + changedMs + healthyAfterMs);
}

/** Why the change must not be begun: requests that wait longer than they may would fail. */
export function tooLong(work: Work, way: Way, expectedMs: number): string | undefined {
  const limit = holdLimit(work);
  if (way !== "hold" || limit === undefined || expectedMs <= limit || work.facts.change !== "migrate") return undefined;
  return `requests would wait for about ${formatDuration(expectedMs)}, and hold.limit is ${formatDuration(limit)}`;
}

/** Why a live change must not be begun: requests would wait behind its locks for longer than they may. */
export function waitsTooLong({ config, facts }: Work, way: Way, locks: readonly Lock[]): string | undefined {
  const { limit } = config.settings.hold;
  const [worst] = locks.filter(({ online }) => !online).toSorted((a, b) => b.ms - a.ms);
  if (way !== "live" || !worst || worst.ms <= limit || facts.change !== "migrate") return undefined;
  return `${worst.table} was locked (${worst.mode}) for ${formatDuration(worst.ms)} by ${worst.statement}, and hold.limit is ${formatDuration(limit)}`;
}

/** Whether the plan leaves it to the rehearsal if the current release serves on while data changes. */
export function mayServeOn({ change, rehearsal, previous }: Pick<Facts, "change" | "rehearsal" | "previous">): boolean {
  return previous !== null && (change === "none" || (change === "migrate" && rehearsal?.run === true));
}

/** Whether it does: known once the rehearsal has ended, and after a crash from the journal. */
export function servesOn({ facts, evidenceOf }: Pick<Work, "facts" | "evidenceOf">): boolean {
  if (facts.previous === null || facts.change === "restore") return false;
  return facts.change === "none" || evidenceOf(rehearsalStep)?.["way"] === "live";
}
