import { join } from "node:path";
import { AplomoError } from "../../base/errors.ts";
import { readIfPresent, writeFileSafely } from "../../host/files.ts";
import type { ReleaseFolder, Staged } from "../contract.ts";

/** Where the parts of a release lie in its folder. */
export interface Layout {
  app: string;
  /** The copy while it is being made; it becomes `app` by renaming. */
  partial: string;
  /** What PM2 reads: 0600, the only way values of the environment reach it. */
  ecosystem: string;
  /** As `ecosystem`, on a port of its own. */
  beside: string;
  logs: string;
  /** Records and output of programs run for the release. */
  runs: string;
  /** Written last: a release without it is not complete. */
  record: string;
}

export function layout(release: ReleaseFolder): Layout {
  const at = (name: string): string => join(release.path, name);
  return {
    app: at("app"),
    partial: at("app.partial"),
    ecosystem: at("ecosystem.json"),
    beside: at("beside.json"),
    logs: at("logs"),
    runs: at("runs"),
    record: at("processes.json"),
  };
}

/** What a release is to this target; nothing in it is secret. */
export interface ReleaseRecord {
  staged: Staged;
  /** True: it was running before Aplomo came, and its files are its own. */
  adopted: boolean;
  port: number;
  instances: number;
  clustered: boolean;
  listenTimeout: number;
  killTimeout: number;
  /** Path in `app` to mode and hash of its content, once installed. */
  files: Record<string, string>;
  /** Variables that must not be in its processes: those `env.forbid` names and those an earlier release had. */
  absent: string[];
}

/** The record of a complete release, or undefined. */
export async function findRecord(release: ReleaseFolder): Promise<ReleaseRecord | undefined> {
  const text = await readIfPresent(layout(release).record);
  return text === undefined ? undefined : (JSON.parse(text) as ReleaseRecord);
}

export async function readRecord(release: ReleaseFolder): Promise<ReleaseRecord> {
  const record = await findRecord(release);
  if (record) return record;
  throw new AplomoError({
    operation: "read",
    subject: `release ${release.id}`,
    cause: `${layout(release).record} is missing: it was never completely staged`,
    hint: "Deploy again, or roll back to a release that `aplomo history` shows as complete.",
  });
}

export async function writeRecord(release: ReleaseFolder, record: ReleaseRecord): Promise<void> {
  await writeFileSafely(layout(release).record, `${JSON.stringify(record, null, 1)}\n`);
}
