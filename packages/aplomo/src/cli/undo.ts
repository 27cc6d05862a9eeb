import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Evidence } from "../base/events.ts";
import { undoRestore } from "../backup/restore.ts";
import type { AppPaths } from "../deploy/paths.ts";
import { currentRelease } from "../deploy/releases.ts";
import type { Session } from "../deploy/session.ts";
import { flushFolder, readIfPresent, writeFileSafely } from "../host/files.ts";
import type { Shell } from "./shell.ts";

/** A restore that is taken back while the release in front is stopped. */
export interface Undo {
  database: string;
  /** The scratch name of what becomes the live one again. */
  kept: string;
}

const noteOf = (paths: AppPaths): string => join(paths.root, "undoing.json");

/** One that a crash left: the application may be stopped. */
export async function unfinishedUndo(paths: AppPaths): Promise<Undo | undefined> {
  const text = await readIfPresent(noteOf(paths));
  return text === undefined ? undefined : (JSON.parse(text) as Undo);
}

/** May be called again after a crash anywhere: a note on the disk says so from before the application is stopped until it runs again. */
export async function putBack(shell: Shell, session: Session, undo: Undo): Promise<Evidence> {
  const database = session.databases.find(({ name }) => name === undo.database);
  if (!database) {
    await forget(session.paths);
    return {};
  }
  const current = database.capabilities.swapNeedsStop ? await currentRelease(session.paths) : null;
  if (!current) return undoRestore(shell.ctx, database, undo);
  await writeFileSafely(noteOf(session.paths), JSON.stringify(undo));
  await session.target.stop(current);
  shell.ctx.emit({ type: "progress", subject: `release ${current.id}`, message: "stopped while the databases change places" });
  try {
    return await undoRestore(shell.ctx, database, undo);
  } finally {
    await session.target.start(current, null);
    await forget(session.paths);
  }
}

async function forget(paths: AppPaths): Promise<void> {
  await rm(noteOf(paths), { force: true });
  await flushFolder(paths.root);
}
