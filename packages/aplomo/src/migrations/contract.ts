import type { TextRow, WantedTable } from "../databases/contract.ts";

/**
 * A migration tool, known by what it leaves in the database and how it lays its files out, for who adds one. The tool itself is never
 * started: the table and the files say everything. Pure.
 */
export interface MigrationTool {
  /** As people call it: `prisma`. */
  readonly name: string;
  /** Its own tables, the one that makes it known first. */
  readonly tables: readonly WantedTable[];
  /** The files are of this tool. */
  owns(files: Files): boolean;
  /** `rows`: of its tables, in their order, null for one that is not there. `files` is null where nobody can see them: then nothing is pending. */
  compare(rows: readonly (TextRow[] | null)[], files: Files | null): Standing;
  /** Every migration's SQL in order, where that is what the files are. */
  scripts?(files: Files): string[] | undefined;
  /** What to do about one that failed half-way. */
  readonly repair: string;
}

/** The files of the migrations' folder, by their path in it. */
export type Files = Record<string, Buffer>;

/** Where a database stands. Names are the tool's own. */
export interface Standing {
  applied: string[];
  /** In the order in which they will run. */
  pending: string[];
  /** Begun and not ended: the tool refuses to go on until somebody decides. */
  failed: string[];
  /** The file is another one than was applied. */
  edited: string[];
  /** Applied, and no longer among the files. */
  missing: string[];
  /** Never to be run by the tool, since they are older than the last one that was. */
  skipped: string[];
}

export const nothing: Standing = { applied: [], pending: [], failed: [], edited: [], missing: [], skipped: [] };
