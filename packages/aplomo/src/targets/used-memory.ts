/** What the engine says of a container's use, as far as it is asked. */
export interface Usage {
  memory_stats?: { usage?: number; stats?: Record<string, number> };
}

/** Pure: bytes without the files it has read, which the kernel forgets before it ends anybody; null when nothing was measured. */
export function usedMemory({ memory_stats: { usage, stats } = {} }: Usage = {}): number | null {
  if (usage === undefined) return null;
  // `total_`: of the first generation of control groups, where the plain numbers leave children out.
  const files = ["inactive_file", "active_file"].map((name) => stats?.[`total_${name}`] ?? stats?.[name] ?? 0);
  return files.reduce((left, bytes) => left - bytes, usage);
}
