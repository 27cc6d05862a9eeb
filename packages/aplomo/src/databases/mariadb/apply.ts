import { randomBytes } from "node:crypto";
import type { ApplyOptions } from "../contract.ts";
import { splitStatements } from "../statements.ts";
import type { Session } from "../session.ts";
import type { Flavour } from "./tools.ts";

/** Each statement ends at a word that stands in none: bodies of triggers have semicolons of their own. DDL is committed by itself, also in a transaction. */
export async function applyTexts(session: Session, flavour: Flavour, texts: readonly string[], options: ApplyOptions): Promise<void> {
  const seconds = Math.max(1, Math.ceil(options.lockTimeout / 1_000));
  const limit =
    flavour === "mysql" ? `max_execution_time = ${Math.ceil(options.limit)}` : `max_statement_time = ${Math.ceil(options.limit / 1_000)}`;
  await session.run(
    `SET SESSION sql_mode = DEFAULT, time_zone = DEFAULT, lock_wait_timeout = ${seconds}, innodb_lock_wait_timeout = ${seconds}, ${limit};`,
  );
  // The client knows 15 letters of it.
  const word = `apl${randomBytes(6).toString("hex")}`;
  if (options.transaction) await session.run("START TRANSACTION;");
  for (const text of texts) {
    for (const statement of splitStatements(text, "mysql")) await session.run(`DELIMITER ${word}\n${statement}\n${word}\nDELIMITER ;`);
  }
  if (options.transaction) await session.run("COMMIT;");
}
