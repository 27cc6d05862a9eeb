import { isSha256 } from "../compare.ts";
import { nothing, type Files, type MigrationTool } from "../contract.ts";

const journal = "meta/_journal.json";

interface Entry {
  when: number;
  tag: string;
}

/** It keeps when a migration was made instead of its name, and runs those made after the last one it has: an older one that comes later is passed over. */
export const drizzle: MigrationTool = {
  name: "drizzle",
  tables: [{ table: "__drizzle_migrations", columns: ["hash", "created_at"] }],
  owns: (files) => journal in files,
  compare([rows], files) {
    const applied = (rows ?? [])
      .map((row) => ({ when: Number(row["created_at"]), hash: String(row["hash"]) }))
      .toSorted((a, b) => a.when - b.when);
    if (files === null) return { ...nothing, applied: applied.map(({ when }) => String(when)) };
    const entries = entriesOf(files);
    const last = applied.at(-1)?.when ?? Number.NEGATIVE_INFINITY;
    const recordOf = (entry: Entry): { hash: string } | undefined => applied.find(({ when }) => when === entry.when);
    const absent = entries.filter((entry) => !recordOf(entry));
    const changed = (entry: Entry): boolean => {
      const [hash, content] = [recordOf(entry)?.hash, files[`${entry.tag}.sql`]];
      return hash !== undefined && content !== undefined && !isSha256(content)(hash);
    };
    const tags = (some: readonly Entry[]): string[] => some.map(({ tag }) => tag);
    return {
      applied: tags(entries.filter(recordOf)),
      pending: tags(absent.filter(({ when }) => when > last)),
      failed: [],
      edited: tags(entries.filter(changed)),
      missing: applied.filter(({ when }) => !entries.some((entry) => entry.when === when)).map(({ when }) => String(when)),
      skipped: tags(absent.filter(({ when }) => when < last)),
    };
  },
  // To MySQL its mark between statements is no comment.
  scripts: (files) =>
    entriesOf(files).map(({ tag }) => (files[`${tag}.sql`]?.toString("utf8") ?? "").replaceAll("--> statement-breakpoint", "\n")),
  repair: "",
};

function entriesOf(files: Files): Entry[] {
  try {
    const { entries } = JSON.parse(files[journal]?.toString("utf8") ?? "{}") as { entries?: Entry[] };
    return entries ?? [];
  } catch {
    return [];
  }
}
