import { AplomoError } from "../base/errors.ts";
import type { ApplyOptions, Database } from "../databases/contract.ts";
import { sha256 } from "./compare.ts";
import type { Files } from "./contract.ts";
import { repairOf, readStanding } from "./standing.ts";
import { ownTable } from "./tools/folder.ts";

export interface RunOptions extends Omit<ApplyOptions, "transaction"> {
  now: () => Date;
  progress?: (name: string) => void;
}

/**
 * Runs what is pending of a folder of SQL files, in the order of their names. Its row comes first, so that of two who begin at once one is
 * refused by the table's key before anything happened. Where the engine has transactions for it, a file happens as a whole or not at all;
 * else, or where the file begins with `-- no transaction`, a row without an end tells that it was begun.
 */
export async function runFolder(database: Database, files: Files, options: RunOptions): Promise<string[]> {
  const standing = await readStanding(database, { files, own: true });
  const { pending = [], failed = [] } = standing ?? {};
  if (failed.length > 0) {
    throw new AplomoError({
      operation: "migrate",
      subject: `database ${database.name}`,
      cause: `${failed.join(", ")} failed half-way, or was broken off`,
      hint: repairOf("sql"),
    });
  }
  const at = (): string => `'${options.now().toISOString()}'`;
  const apply = (texts: readonly string[], transaction: boolean): Promise<void> => database.apply(texts, { ...options, transaction });
  if (pending.length > 0) await apply([table], true);
  for (const name of pending) {
    options.progress?.(name);
    const content = (files[name] ?? Buffer.alloc(0)).toString("utf8");
    const begun = (ended: string): string =>
      `INSERT INTO ${ownTable} VALUES (${quoted(name)}, '${sha256(files[name] ?? "")}', ${at()}, ${ended})`;
    try {
      if (database.capabilities.transactionalDdl && !/^--\s*no transaction\b/i.test(content)) {
        await apply([begun(at()), content], true);
      } else {
        await apply([begun("NULL")], true);
        await apply([content], false);
        await apply([`UPDATE ${ownTable} SET finished_at = ${at()} WHERE name = ${quoted(name)}`], true);
      }
    } catch (cause) {
      throw new AplomoError({ operation: "run the migration", subject: name, cause });
    }
  }
  return pending;
}

const table = `CREATE TABLE IF NOT EXISTS ${ownTable} (name varchar(200) PRIMARY KEY, checksum char(64) NOT NULL, started_at varchar(30) NOT NULL, finished_at varchar(30))`;

function quoted(name: string): string {
  if (/^[\w .()+@=-]{1,200}$/.test(name)) return `'${name}'`;
  throw new AplomoError({
    operation: "run the migration",
    subject: name,
    cause: "its name has letters that none of Aplomo's migrations may have",
    hint: "Call it such as 001_users.sql.",
  });
}
