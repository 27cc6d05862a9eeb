import type { ApplyOptions } from "../contract.ts";
import { splitStatements } from "../statements.ts";
import type { Session } from "../session.ts";
import { literal } from "./quote.ts";

/** What our sessions set for reading, and a migration does not expect. */
const own = ["search_path", "DateStyle", "IntervalStyle", "TimeZone", "row_security", "extra_float_digits", "bytea_output", "xmlbinary"];

/** Each text goes to the server as it is, by \\gexec: nothing in it can become a command of psql. */
export async function applyTexts(session: Session, texts: readonly string[], options: ApplyOptions): Promise<void> {
  await session.run(own.map((name) => `RESET ${name};`).join(" "));
  await session.run(`SET lock_timeout = ${Math.ceil(options.lockTimeout)}; SET statement_timeout = ${Math.ceil(options.limit)};`);
  const send = (text: string): Promise<string> => session.run(`SELECT ${literal(text)} \\gexec`);
  if (options.transaction) {
    await session.run("BEGIN;");
    for (const text of texts) await send(text);
    await session.run("COMMIT;");
    return;
  }
  // Several statements sent at once would be one transaction, in which CREATE INDEX CONCURRENTLY is refused.
  for (const text of texts) for (const statement of splitStatements(text, "standard")) await send(statement);
}
