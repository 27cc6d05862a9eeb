import type { Counts, Mark } from "../contract.ts";
import { markOf, shorten, writtenSince } from "../hashes.ts";
import type { SqliteFile } from "./open.ts";
import { hashRows, listTables } from "./tables.ts";

/** SQLite does not say when a row was written. */
export function takeMark(file: SqliteFile): Mark {
  return markOf(Object.fromEntries(listTables(file).map((table) => [table, shorten([...hashRows(file, table)])])));
}

export function readWritten(file: SqliteFile, mark: Mark): Promise<Counts> {
  return writtenSince(mark, listTables(file), "SQLite", (table, kind) => {
    const hashes = [...hashRows(file, table)];
    return kind === "rows" ? { kind, values: hashes } : shorten(hashes, kind);
  });
}
