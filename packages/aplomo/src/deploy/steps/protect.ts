import type { Evidence } from "../../base/events.ts";
import { sealFor } from "../../backup/server-key.ts";
import { takeBackup } from "../../backup/take.ts";
import type { Database } from "../../databases/contract.ts";
import { saveMark } from "../marks.ts";
import type { Step, Work } from "../step.ts";
import { databaseOf, factsOf } from "./prepare.ts";

/** A backup while everything still runs: if it cannot be taken, nothing else is begun. */
export function protect(name: string): Step {
  const id = `protect.backup.${name}`;
  return {
    id,
    phase: "protect",
    title: `back up database ${name}, counted inside the same snapshot`,
    run: (work) => backUp(work, databaseOf(work, name), id),
  };
}

export async function backUp(work: Work, database: Database, step: string): Promise<Evidence> {
  // Before the snapshot, so that what is written between the two counts as written since. Where production's data stays as it is nobody asks.
  const { action, change } = work.facts;
  if (change !== "none" && action !== "rehearse") await saveMark(work, step, await database.mark());
  const { settings } = work.config;
  const began = performance.now();
  const backup = await takeBackup(work.ctx, database, {
    app: work.facts.app,
    directory: work.paths.backups,
    tier: "deploy",
    // The release whose data this is: `rollback --with-data` finds it by that.
    ...(work.facts.previous ? { release: work.facts.previous.id } : {}),
    deployment: work.facts.deployment,
    // This machine can open it too: going back, also after a crash, must not need a key that lies in a safe.
    seal: await sealFor(work.paths.root, settings.backups?.encrypt_to ?? [], true),
    ...(settings.backups.compress ? { compress: settings.backups.compress } : {}),
    facts: factsOf(work, database.name),
  });
  const { manifest } = backup;
  return {
    backup: backup.id,
    rows: manifest.rows.snapshot,
    sha256: manifest.sha256,
    bytes: manifest.bytes.stored,
    schema: manifest.schema.fingerprint,
    tookMs: Math.round(performance.now() - began),
  };
}
