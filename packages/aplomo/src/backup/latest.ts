import { UsageError } from "../base/errors.ts";
import type { Emit } from "../base/events.ts";
import type { Manifest } from "./manifest.ts";

/** A backup, here or in a store. */
interface Kept {
  id: string;
  tier: string;
  manifest: Manifest;
}

/** Which of all, newest first, is meant by `latest`. */
export type Latest = <T extends Kept>(all: readonly T[]) => T | undefined;

/** Not one of those that a restore took of what it was to replace. */
const made = <T extends Kept>(all: readonly T[]): T[] => all.filter(({ tier }) => tier !== "safety");

export const newest: Latest = (all) => made(all)[0];

/** To restore it: one that was restored before and held. Newer ones are told, for their data will be missed. */
export function newestProven(emit: Emit): Latest {
  return (all) => {
    const meant = made(all);
    const at = meant.findIndex(({ manifest }) => manifest.proof?.proven === true);
    const [first] = meant;
    if (first === undefined || at === 0) return first;
    const { id } = first;
    const hint = `Prove it: aplomo backup drill ${id}. Or restore it by its name: aplomo backup restore ${id}.`;
    if (at === -1) throw new UsageError({ operation: "restore", subject: "latest", cause: "no backup is proven", hint });
    const passed = `${id} is newer, and ${unproven(first.manifest)}`;
    emit({ type: "warning", message: `${passed}: latest is ${meant[at]?.id}`, hint });
    return meant[at];
  };
}

/** What is to be said of a backup that no proof stands for. */
export function unproven({ proof }: Manifest): string {
  return proof ? `failed its proof (${proof.differences.join("; ")})` : "is not proven";
}
