import { readdir } from "node:fs/promises";
import { checkBackup } from "../../src/backup/check.ts";
import { listBackups } from "../../src/backup/catalogue.ts";
import type { Context } from "../../src/host/context.ts";
import type { Command, Host, Running, Stdio } from "../../src/host/run.ts";
import { local } from "../../src/host/local.ts";
import { moduleUrl } from "./bench.ts";

/** This machine, but told of each program that starts, and with another one in its place where `replace` gives one. */
export function watchedHost(started: (name: string, running: Running) => void, replace?: (command: Command) => Command | undefined): Host {
  return {
    ...local,
    spawn(command: Command, stdio: Stdio) {
      const running = local.spawn(replace?.(command) ?? command, stdio);
      started(command.argv.find((argument) => /(?:^|\/)(?:pg_dump|psql|zstd)$/.test(argument))?.replace(/.*\//, "") ?? "", running);
      return running;
    },
  };
}

/** Everything below a folder, as paths; folders end with a slash. */
export async function tree(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.map((entry) => `${entry.parentPath.slice(folder.length + 1)}/${entry.name}${entry.isDirectory() ? "/" : ""}`).sort();
}

/** Every backup that counts is whole. Gives how many there are. */
export async function allWhole(ctx: Context, directory: string): Promise<number> {
  const records = await listBackups(directory);
  for (const record of records) await checkBackup(ctx, record);
  return records.length;
}

/** What `databaseElsewhere` is followed by to use backups in another process. */
export function backupsElsewhere(directory: string): string {
  return `
    import { takeBackup } from ${JSON.stringify(moduleUrl("backup/take"))};
    import { restoreBackup } from ${JSON.stringify(moduleUrl("backup/restore"))};
    import { findBackup } from ${JSON.stringify(moduleUrl("backup/catalogue"))};
    const directory = ${JSON.stringify(directory)};`;
}
