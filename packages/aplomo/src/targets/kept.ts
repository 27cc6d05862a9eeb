import type { Unit } from "./contract.ts";

/** Services whose units run on as an earlier release started them, to the release whose mark they bear. */
export type Kept = Record<string, string>;

/** Pure: whether the unit is one of this release's, started for it or kept by it. */
export function isOf(unit: Pick<Unit, "release" | "service">, release: { id: string; kept?: Kept | undefined }): boolean {
  if (unit.release === null) return false;
  return unit.release === release.id || unit.release === release.kept?.[unit.service];
}
