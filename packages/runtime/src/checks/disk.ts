import { statfs } from "node:fs/promises";
import type { Check, CheckOptions } from "../health/check.ts";

export interface DiskOptions extends CheckOptions {
  /** Degraded below this share of free space, 0 to 1; default 0.1. */
  low?: number;
  /** Unhealthy below this share; default 0.02. */
  full?: number;
}

/** Looks at the free space of the file system that holds `path`. */
export function disk(path: string, { low = 0.1, full = 0.02, ...options }: DiskOptions = {}): Check {
  const ask = async () => {
    const { bavail, blocks } = await statfs(path);
    const free = blocks === 0 ? 1 : bavail / blocks;
    if (free < full) throw Object.assign(new Error(`${path}: ${percent(free)} free`), { code: "DISK_FULL" });
    return free < low ? { degraded: `${percent(free)} free` } : undefined;
  };
  return { ...options, ask };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
