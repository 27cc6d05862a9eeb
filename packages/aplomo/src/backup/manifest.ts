import type { Checksums, Counts, Sequences } from "../databases/contract.ts";
import { readIfPresent } from "../host/files.ts";

/** What stands beside each backup, as JSON; documented field by field in `docs/BACKUPS.md`. */
export interface Manifest {
  format: "aplomo-backup";
  version: 1;
  /** The file's name without its endings. */
  id: string;
  app: string;
  /** The database's name in aplomo.yml. */
  database: string;
  tier: string;
  /** When the snapshot was opened, ISO 8601. */
  createdAt: string;
  engine: string;
  /** `PostgreSQL 15.18`. */
  server: string;
  /** `pg_dump 15.18 in container agenda-db-1`. */
  tool: string;
  /** Which program wrote this. */
  aplomo: string;
  snapshot: string | null;
  /** What was written while it was read, and is of another moment than the rest; absent where nothing was. */
  torn?: string[];
  /** The file's name in this folder. */
  file: string;
  compression: "zstd" | "gzip";
  /** For whom the file is encrypted, as an age file; null: it is not. */
  encryption: { format: "age"; recipients: string[] } | null;
  sha256: string;
  bytes: { stored: number; plain: number };
  /** Rows by table: in the snapshot, and counted again in the written file (null where the format does not show them). */
  rows: { snapshot: Counts; file: Counts | null };
  /** A hash of each table's rows in the snapshot; null, or absent in older manifests: nobody asked for them. */
  checksums?: Checksums | null;
  /** Numbers of indexes, views, ... by kind. */
  objects: Counts;
  /** What the dump sets sequences to; absent in older manifests, null where the format does not show it. */
  sequences?: Sequences | null;
  /** Fingerprint of the schema, and of each of its parts. */
  schema: { fingerprint: string; parts: Record<string, string> };
  durations: {
    dumpMs: number;
    verifyMs: number;
    totalMs: number;
    /** For which writers were held up; null: not at all, or unknown. */ stallMs: number | null;
  };
  release: string | null;
  deployment: string | null;
  /** The last proof; null until there was one. */
  proof: Proof | null;
}

/** What a restore into a scratch database showed. */
export interface Proof {
  at: string;
  proven: boolean;
  durationMs: number;
  /** The server it was restored on. */
  server: string;
  /** The throw-away server it was, and what it took on the disk at most; absent where it was the database's own. */
  aside?: { where: string; peakBytes: number };
  /** What it was restored for, where that was not the proof itself: checksums and invariants were not compared then. */
  for?: "rehearsal";
  tables: number;
  rows: number;
  /** Tables whose checksum was compared; absent where the manifest has none. */
  checksums?: number;
  /** In words, each with both numbers; empty when proven. */
  differences: string[];
}

/** A backup that exists: a file and its manifest. */
export interface BackupRecord {
  id: string;
  database: string;
  tier: string;
  /** Absolute path of the compressed dump. */
  file: string;
  manifest: Manifest;
}

/** A manifest; undefined when there is none, or the text is none of ours or of a later version. */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  return parseManifest((await readIfPresent(path)) ?? "null");
}

/** As `readManifest`, of a text. */
export function parseManifest(text: string): Manifest | undefined {
  try {
    const read = JSON.parse(text) as Partial<Manifest> | null;
    // The first ones knew no encryption.
    return read?.format === "aplomo-backup" && read.version === 1 ? ({ encryption: null, ...read } as Manifest) : undefined;
  } catch {
    return undefined;
  }
}
