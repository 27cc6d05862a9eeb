import { listBackups } from "../../backup/catalogue.ts";
import type { GlobalOptions } from "../options.ts";
import { totalRows } from "../numbers.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions, [only]: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    const names = session.databases.map((database) => database.name).filter((name) => only === undefined || name === only);
    const found = (await Promise.all(names.map((database) => listBackups(session.paths.backups, { database })))).flat();
    const backups = found
      .toSorted((a, b) => b.manifest.createdAt.localeCompare(a.manifest.createdAt))
      .map(({ id, manifest }) => ({
        id,
        database: manifest.database,
        tier: manifest.tier,
        release: manifest.release ?? null,
        rows: totalRows(manifest.rows.snapshot),
        bytes: manifest.bytes.stored,
        proven: manifest.proof === null ? null : manifest.proof.at,
        createdAt: manifest.createdAt,
      }));
    shell.result("backup list", { backups });
    return 0;
  });
}
