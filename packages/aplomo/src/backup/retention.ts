import { slotOf, tiers, type Dated, type Keep, type Tier } from "./tiers.ts";

/** What becomes of one backup, and why, in words. */
export interface Verdict<T extends Dated = Dated> {
  backup: T;
  action: "keep" | "delete";
  reason: string;
}

export interface RetentionOptions {
  now: Date;
  /** `Europe/Madrid`. */
  zone: string;
  /** Releases that are kept, by id; undefined when it is not known which, and then every backup of a deploy stays. */
  releases?: readonly string[] | undefined;
  /** How many are deleted in one run at the most; default 10. A wrong setting then shows before it has cost much. */
  most?: number;
}

/**
 * What stays and what goes, of all the backups of one database in one place. It counts slots that hold a proven backup, never days: backups
 * that are not made any more are never too old. Never deleted are the newest proven one; anything while the newest is not
 * proven or the clock went back; what a kept release needs; what no schedule made.
 */
export function planRetention<T extends Dated>(backups: readonly T[], keep: Keep, options: RetentionOptions): Verdict<T>[] {
  const sorted = backups.toSorted((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? -1 : 1));
  const halt = reasonToDeleteNothing(sorted, options.now);
  if (halt !== undefined) return sorted.map((backup) => ({ backup, action: "keep", reason: halt }));
  const newest = sorted.find(({ proof }) => proof === "proven")?.at.getTime();
  const shelves = new Map(tiers.map((tier) => [tier as string, shelfOf(tier, sorted, keep, options.zone)]));
  const verdicts = sorted.map((backup): Verdict<T> => {
    if (backup.proof === "proven" && backup.at.getTime() === newest)
      return { backup, action: "keep", reason: "it is the newest proven one" };
    const shelf = shelves.get(backup.tier);
    return { backup, ...(shelf ? judgeSlot(backup, shelf) : judgeOther(backup, options.releases)) };
  });
  return limit(verdicts, options.most ?? 10);
}

function reasonToDeleteNothing(sorted: readonly Dated[], now: Date): string | undefined {
  const [newest] = sorted;
  if (!newest) return undefined;
  // A copy in another tier is the same backup.
  const same = sorted.filter(({ at }) => at.getTime() === newest.at.getTime());
  if (!same.some(({ proof }) => proof === "proven")) return `nothing is deleted while the newest backup, ${newest.id}, is not proven`;
  if (now < newest.at)
    return `nothing is deleted while the clock is behind the newest backup, ${newest.id}: it went back, or was wrong then`;
  return undefined;
}

type Judgement = Pick<Verdict, "action" | "reason">;

/** One tier, as it is now. */
interface Shelf {
  tier: Tier;
  most: number;
  /** The slot of each of its backups. */
  slots: Map<Dated, string>;
  /** The proven backup of each slot: the newest, where there are several. */
  holders: Map<string, Dated>;
  /** The slots that stay, newest first. */
  kept: string[];
}

function shelfOf(tier: Tier, sorted: readonly Dated[], keep: Keep, zone: string): Shelf {
  const slots = new Map(sorted.filter((one) => one.tier === tier).map((one) => [one, slotOf(tier, one.at, zone)]));
  const holders = new Map<string, Dated>();
  for (const [backup, slot] of slots) if (backup.proof === "proven" && !holders.has(slot)) holders.set(slot, backup);
  const kept = [...holders.keys()].sort().toReversed().slice(0, keep[tier]);
  return { tier, most: keep[tier], slots, holders, kept };
}

const units: Record<Tier, string> = { daily: "day", weekly: "week", monthly: "month" };

function judgeSlot(backup: Dated, { tier, most, slots, holders, kept }: Shelf): Judgement {
  const slot = slots.get(backup) ?? "";
  const holder = holders.get(slot);
  const name = `the ${units[tier]} ${tier === "weekly" ? `of ${slot}` : slot}`;
  if (backup.proof === "proven") {
    if (!kept.includes(slot)) return { action: "delete", reason: `${most} ${tier} ones are kept, and it is older` };
    if (holder === backup) return { action: "keep", reason: `it is the proven one of ${name}` };
    return { action: "delete", reason: `${holder?.id} is the proven one of ${name}` };
  }
  if (holder) return { action: "delete", reason: `it is not proven, and ${holder.id} of the same ${units[tier]} is` };
  const oldest = kept.at(-1);
  if (oldest === undefined || slot > oldest || kept.length < most)
    return { action: "keep", reason: `it is not proven, but there is no proven one of ${name}` };
  return { action: "delete", reason: `it is not proven, and older than the ${most} ${tier} ones that are kept` };
}

function judgeOther(backup: Dated, releases: readonly string[] | undefined): Judgement {
  if (backup.tier !== "deploy") return { action: "keep", reason: "no schedule made it: only a person deletes it" };
  if (backup.release === null || releases === undefined)
    return { action: "keep", reason: "it is of a deploy, and it is not known whether the release is kept" };
  return releases.includes(backup.release)
    ? { action: "keep", reason: `release ${backup.release}, which is kept, may need it` }
    : { action: "delete", reason: `release ${backup.release} is not kept any more` };
}

/** The oldest go first, the rest in the next run. */
function limit<T extends Dated>(verdicts: Verdict<T>[], most: number): Verdict<T>[] {
  const going = verdicts.filter(({ action }) => action === "delete");
  const later = new Set(going.slice(0, Math.max(0, going.length - most)));
  return verdicts.map((verdict) =>
    later.has(verdict)
      ? { ...verdict, action: "keep", reason: `at most ${most} are deleted in one run; the next one may take it: ${verdict.reason}` }
      : verdict,
  );
}
