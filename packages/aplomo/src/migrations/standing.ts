import type { Database } from "../databases/contract.ts";
import type { Files, MigrationTool, Standing } from "./contract.ts";
import { folder } from "./tools/folder.ts";
import { tools } from "./tools/index.ts";

/** Where a database stands, by the tool that was found to be in use. */
export interface Found extends Standing {
  tool: string;
}

export interface Looked {
  /** Null: they cannot be seen here. */
  files: Files | null;
  /** Aplomo runs the files itself. */
  own?: boolean;
  /** The tool's table, where it has another name than usual. */
  table?: string | undefined;
}

/** Reads the tables of every tool at once; undefined when none is known to be in use. */
export async function readStanding(database: Pick<Database, "read">, { files, own, table }: Looked): Promise<Found | undefined> {
  const known = own ? [folder] : tools;
  const wanted = known.map((tool) => tool.tables.map((one, at) => (at === 0 && table !== undefined ? { ...one, table } : one)));
  const rows = await database.read(wanted.flat());
  const kept = known.map((tool) => ({ tool, rows: rows.splice(0, tool.tables.length) }));
  const used = kept.filter((one) => one.rows[0] !== null);
  const owned = (tool: MigrationTool): boolean => files !== null && tool.owns(files);
  const unused = kept.find(({ tool }) => owned(tool) && (own || tool !== folder));
  const meant = used.find(({ tool }) => owned(tool)) ?? used[0] ?? unused;
  return meant && { tool: meant.tool.name, ...meant.tool.compare(meant.rows, files) };
}

/** What to do about a migration that failed half-way. */
export function repairOf(tool: string): string {
  return tools.find(({ name, repair }) => name === tool && repair !== "")?.repair ?? "put the schema right, and tell the tool so";
}

/** The SQL of every migration in order; undefined where the tool's migrations are programs. */
export function scriptsOf(tool: string, files: Files): string[] | undefined {
  return tools.find((one) => one.name === tool && "scripts" in one)?.scripts?.(files);
}

/** Pure: in words, the unusual behind the usual. */
export function sayStanding({ tool, applied, pending, failed, edited, missing, skipped }: Found): string[] {
  const list = (names: readonly string[]): string =>
    names.length > 4 ? `${names.slice(0, 4).join(", ")} and ${names.length - 4} more` : names.join(", ");
  const said = (names: readonly string[], words: string): string[] => (names.length > 0 ? [`${tool}: ${words}: ${list(names)}`] : []);
  return [
    `${tool}: ${applied.length} applied, ${pending.length === 0 ? "none pending" : `${pending.length} pending: ${list(pending)}`}`,
    ...said(failed, "failed half-way"),
    ...said(edited, "edited after it was applied"),
    ...said(missing, "applied, and not in this release"),
    ...said(skipped, "never to be run, being older than the last one that was"),
  ];
}
