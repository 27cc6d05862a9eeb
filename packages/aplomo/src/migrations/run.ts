import { AplomoError } from "../base/errors.ts";
import type { ApplyOptions, Database } from "../databases/contract.ts";
import { sha256 } from "./compare.ts";
import type { Files } from "./contract.ts";
import { repairOf, readStanding } from "./standing.ts";
import { ownTable } from "./tools/folder.ts";
import { isOutside, isWholeWrite } from "./whole.ts";

export interface RunOptions extends Omit<ApplyOptions, "transaction"> {
  now: () => Date;
  progress?: (name: string) => void;
  /** Told of each file that a broken off run may leave begun, before anything of it is done. */
  begun?: (name: string) => Promise<void>;
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
      const { transactionalDdl } = database.capabilities;
      if (transactionalDdl ? !isOutside(content) : isWholeWrite(content)) {
        await apply([begun(at()), content], true);
      } else {
        await options.begun?.(name);
        await apply([begun("NULL")], true);
        await apply([content], false);
        await apply([ended(name, at())], true);
      }
    } catch (cause) {
      throw new AplomoError({ operation: "run the migration", subject: name, cause });
    }
  }
  return pending;
}

/**
 * A file that is one statement, done as a whole or not at all, was broken off in between: whether it was done is seen by the schema, of which
 * `before` is the fingerprint before it. Applying waits for a statement that the server still carries out.
 */
export async function settleFile(
  database: Database,
  file: string,
  before: string,
  options: Pick<RunOptions, "lockTimeout" | "limit" | "now">,
): Promise<void> {
  const apply = (text: string, lockTimeout = options.lockTimeout): Promise<void> =>
    database.apply([text], { ...options, lockTimeout, transaction: true });
  const [rows] = await database.read([{ table: ownTable, columns: ["name", "finished_at"] }]);
  if (!rows?.some((row) => row["name"] === file && row["finished_at"] === null)) return;
  await apply("SELECT 1", options.limit);
  const done = (await database.fingerprint()) !== before;
  await apply(
    done ? ended(file, `'${options.now().toISOString()}'`) : `DELETE FROM ${ownTable} WHERE name = ${quoted(file)} AND finished_at IS NULL`,
  );
}

const ended = (name: string, at: string): string => `UPDATE ${ownTable} SET finished_at = ${at} WHERE name = ${quoted(name)}`;

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
