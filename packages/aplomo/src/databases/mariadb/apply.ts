import { randomBytes } from "node:crypto";
import { AplomoError } from "../../base/errors.ts";
import { poll } from "../../base/time.ts";
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
  await awaitOthers(session, options.lockTimeout);
  // The client knows 15 letters of it.
  const word = `apl${randomBytes(6).toString("hex")}`;
  if (options.transaction) await session.run("START TRANSACTION;");
  for (const text of texts) {
    for (const statement of splitStatements(text, "mysql")) await session.run(`DELIMITER ${word}\n${statement}\n${word}\nDELIMITER ;`);
  }
  if (options.transaction) await session.run("COMMIT;");
}

/** A server goes on with a statement whose client was killed: what is applied next must not run beside it. */
async function awaitOthers(session: Session, limit: number): Promise<void> {
  let under: string | undefined;
  const free = await poll(
    async () => {
      const [one] = await session.rows<{ query: string }>(
        `SELECT JSON_OBJECT('query', LEFT(INFO, 200)) FROM information_schema.PROCESSLIST
         WHERE DB = DATABASE() AND ID <> CONNECTION_ID() AND INFO REGEXP '^[[:space:]]*(ALTER|CREATE|DROP|RENAME)[[:space:]]'`,
      );
      under = one?.query;
      return one === undefined ? true : undefined;
    },
    { limit, every: 200 },
  );
  if (free) return;
  throw new AplomoError({
    operation: "change",
    subject: "the database",
    cause: `somebody else's statement still changes its schema: ${under}`,
    hint: "Wait for its end, or end it: SHOW PROCESSLIST; KILL ...",
  });
}
