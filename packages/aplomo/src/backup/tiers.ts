import type { BackupRecord } from "./manifest.ts";

/** Tiers that a schedule fills: each holds one backup a slot. */
export const tiers = ["daily", "weekly", "monthly"] as const;
export type Tier = (typeof tiers)[number];

/** How many slots of each tier stay. */
export type Keep = Record<Tier, number>;

/** What is known of a backup when it is decided whether it stays. Pure data, the same here and at a store. */
export interface Dated {
  /** Unique among the backups of one database. */
  id: string;
  tier: string;
  at: Date;
  /** `none`: never tried; `failed`: what came back was not what its manifest says. */
  proof: "proven" | "failed" | "none";
  release: string | null;
}

export function datedOf({ id, tier, manifest }: Pick<BackupRecord, "id" | "tier" | "manifest">): Dated {
  const proof = manifest.proof === null ? "none" : manifest.proof.proven ? "proven" : "failed";
  return { id, tier, at: new Date(manifest.createdAt), proof, release: manifest.release };
}

/**
 * Which slot of a tier a moment falls into, as a text that sorts: the day, the Sunday the week began with, the month. By the calendar
 * of a time zone: a backup at 02:00 belongs to the day the people there call it, whatever the server's clock shows.
 */
export function slotOf(tier: Tier, at: Date, zone: string): string {
  const day = dayOf(at, zone);
  if (tier === "daily") return day;
  if (tier === "monthly") return day.slice(0, 7);
  const sunday = new Date(`${day}T00:00:00Z`);
  sunday.setUTCDate(sunday.getUTCDate() - sunday.getUTCDay());
  return sunday.toISOString().slice(0, 10);
}

/**
 * The tiers that also get a daily backup, once it is proven: those whose slot holds no proven one yet. When all goes well that is
 * Sunday's in the weekly tier and that of the 1st in the monthly; when the proof fails on such a day, the next one that succeeds.
 */
export function slotsToFill(backup: Dated, others: readonly Dated[], zone: string): Tier[] {
  if (backup.tier !== "daily" || backup.proof !== "proven") return [];
  return (["weekly", "monthly"] as const).filter((tier) => {
    const slot = slotOf(tier, backup.at, zone);
    return !others.some((other) => other.tier === tier && other.proof === "proven" && slotOf(tier, other.at, zone) === slot);
  });
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-22`. */
function dayOf(at: Date, zone: string): string {
  let format = formats.get(zone);
  if (!format)
    formats.set(zone, (format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" })));
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts["year"]}-${parts["month"]}-${parts["day"]}`;
}
