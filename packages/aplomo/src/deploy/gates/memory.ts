import type { Evidence } from "../../base/events.ts";
import type { Examined } from "../../targets/examined.ts";
import type { Work } from "../step.ts";
import { isOf } from "../../targets/kept.ts";
import { readRelease } from "../releases.ts";
import { GateError, unitEvidence } from "./gate.ts";

/**
 * Units of the release that have a limit stay below `most` per cent of it: a busy minute must not end them (S2.7). One that it has kept as it
 * ran is told of, and no more: going back would leave it the same.
 */
export async function checkMemory(work: Work, most: number): Promise<Evidence> {
  const { target, facts } = work;
  if (most >= 100 || !target.examine) return {};
  const { id } = facts.release;
  const { kept } = (await readRelease(facts.release)) ?? {};
  const own = (await target.examine()).filter(({ unit }) => isOf(unit, { id, kept }));
  const shares: Record<string, string> = {};
  for (const { unit, memory } of own) {
    if (!memory) continue;
    const said = `${tell(memory)} of its limit`;
    shares[unit.name] = said;
    if (memory.used < (most / 100) * memory.limit) continue;
    if (unit.release !== id) {
      const message = `${unit.name}, which was left as it ran, uses ${said}`;
      work.ctx.emit({ type: "warning", message, hint: "find what it keeps, or raise its limit" });
      continue;
    }
    const evidence = { ...(await unitEvidence(work, unit)), usedBytes: memory.used, limitBytes: memory.limit };
    const hint =
      "raise its limit (compose: mem_limit, PM2: target.max_memory_restart) or find what it keeps; health.memory_below is the share allowed";
    throw new GateError("memory", unit.name, `it uses ${said} at the end of the watch, and must stay below ${most} %`, evidence, hint);
  }
  return Object.keys(shares).length > 0 ? { memory: shares } : {};
}

function tell({ used, limit }: NonNullable<Examined["memory"]>): string {
  const mebibytes = (bytes: number): number => Math.round(bytes / 1_048_576);
  return `${mebibytes(used)} MiB of ${mebibytes(limit)} MiB, ${Math.round((100 * used) / limit)} %`;
}
