import { counted } from "../base/count.ts";
import type { Keep } from "./tiers.ts";

/** What a setting really keeps, when every night succeeds. */
export interface Reach {
  /** Different backups, the least and the most there are at a time. */
  backups: [number, number];
  /** Days from the newest to the oldest. */
  days: [number, number];
  text: string;
}

const day = 24 * 60 * 60 * 1_000;
/** A leap year and the three after it. */
const cycle = 1_461;

/** Counted out over four years: the tiers overlap, and the oldest monthly one is the older the later in the month it is. */
export function reach(keep: Keep): Reach {
  const counts: number[] = [];
  const ages: number[] = [];
  for (let index = 0; index < cycle; index += 1) {
    const today = new Date(Date.UTC(2028, 0, 1 + index));
    const kept = keptOn(today, keep);
    counts.push(kept.size);
    ages.push(Math.round((today.getTime() - Math.min(...kept)) / day));
  }
  const backups: [number, number] = [Math.min(...counts), Math.max(...counts)];
  const days: [number, number] = [Math.min(...ages), Math.max(...ages)];
  return { backups, days, text: tell(keep, backups, days) };
}

function keptOn(today: Date, keep: Keep): Set<number> {
  const [year, month, date] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()];
  const kept = new Set([today.getTime()]);
  for (let back = 0; back < keep.daily; back += 1) kept.add(Date.UTC(year, month, date - back));
  for (let back = 0; back < keep.weekly; back += 1) kept.add(Date.UTC(year, month, date - today.getUTCDay() - 7 * back));
  for (let back = 0; back < keep.monthly; back += 1) kept.add(Date.UTC(year, month - back, 1));
  return kept;
}

function tell({ daily, weekly, monthly }: Keep, backups: [number, number], days: [number, number]): string {
  const parts = [
    ...(daily > 0 ? [`each of the last ${counted(daily, "day")}`] : []),
    ...(weekly > 0 ? [`the last ${counted(weekly, "Sunday")}, ${range(7 * (weekly - 1), 7 * weekly - 1)} days back`] : []),
    ...(monthly > 0 ? [`the 1st of the last ${counted(monthly, "month")}, this one included`] : []),
  ];
  const kept = parts.length > 0 ? parts.join("; ") : "the newest proven one alone";
  return `${kept}. Together ${range(...backups)} different backups that reach ${range(...days)} days back.`;
}

function range(least: number, most: number): string {
  return least === most ? String(least) : `${least} to ${most}`;
}
