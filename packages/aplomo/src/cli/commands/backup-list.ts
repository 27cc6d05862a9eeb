import { listBackups } from "../../backup/catalogue.ts";
import { openNamedStore } from "../../backup/elsewhere.ts";
import type { Manifest } from "../../backup/manifest.ts";
import { listCopies } from "../../backup/offsite-fetch.ts";
import { chooseDatabases, policy } from "../backups.ts";
import { totalRows } from "../numbers.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions & { from?: string }, [only]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    const names = chooseDatabases(session, only, "list the backups of").map(({ name }) => name);
    const found: Manifest[] = [];
    if (options.from === undefined) {
      const all = await Promise.all(names.map((database) => listBackups(session.paths.backups, { database })));
      found.push(...all.flat().map(({ id, tier, manifest }) => ({ ...manifest, id, tier })));
    } else {
      const store = await openNamedStore(shell.ctx, policy(session), options.from);
      const { app } = session.config.settings;
      try {
        for (const database of names)
          found.push(...(await listCopies(shell.ctx, store, { app, database })).map(({ manifest }) => manifest));
      } finally {
        await store.close();
      }
    }
    const backups = found
      .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
      .map((manifest) => ({
        id: manifest.id,
        database: manifest.database,
        tier: manifest.tier,
        release: manifest.release ?? null,
        rows: totalRows(manifest.rows.snapshot),
        bytes: manifest.bytes.stored,
        encrypted: manifest.encryption !== null,
        torn: manifest.torn ?? [],
        proven: manifest.proof === null ? null : manifest.proof.proven ? manifest.proof.at : "failed",
        createdAt: manifest.createdAt,
      }));
    shell.result("backup list", { backups });
    return 0;
  });
}
