import type { Check, CheckOptions } from "../health/check.ts";

export interface MemoryOptions extends CheckOptions {
  /** Bytes. Default: PM2's max_memory_restart, else the container's limit, else the machine's memory. */
  max?: number;
  /** Degraded from this share of `max`, 0 to 1; default 0.93: 280 of 300 MB. */
  warn?: number;
}

/** Degraded when the process comes near the memory at which its supervisor ends it. Never unhealthy: the supervisor decides. */
export function memory({ max = memoryLimit(process.env), warn = 0.93, ...options }: MemoryOptions = {}): Check {
  const ask = () => {
    const used = process.memoryUsage.rss();
    return used >= max * warn ? { degraded: `${megabytes(used)} of ${megabytes(max)} MB` } : undefined;
  };
  return { ...options, ask };
}

function memoryLimit(env: NodeJS.ProcessEnv): number {
  const pm2 = Number(env.max_memory_restart);
  return pm2 > 0 ? pm2 : process.constrainedMemory() || Number.POSITIVE_INFINITY;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_048_576);
}
