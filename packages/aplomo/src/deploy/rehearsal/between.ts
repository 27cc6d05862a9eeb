import type { Database } from "../../databases/contract.ts";
import { narrowings, type Shape } from "./narrowing.ts";

/**
 * Copies that are looked at after whatever Aplomo itself applies to them. Where a change is live the current release serves between two files
 * of a migration too, and one that fails stays behind those before it: what they take away for a moment counts as taken away.
 */
export function betweenFiles(copies: readonly Database[], before: Record<string, Shape>): { copies: Database[]; narrowed(): string[] } {
  const found = new Set<string>();
  const looking = copies.map((copy): Database => {
    const was = before[copy.name];
    if (!was) return copy;
    return {
      ...copy,
      async apply(texts, options, scratch) {
        await copy.apply(texts, options, scratch);
        const [columns, schema] = await Promise.all([copy.columns(), copy.schema()]);
        for (const one of narrowings(was, { columns, schema })) found.add(one);
      },
    };
  });
  return { copies: looking, narrowed: () => [...found] };
}
