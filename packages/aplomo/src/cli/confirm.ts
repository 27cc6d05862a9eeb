import { UsageError } from "../base/errors.ts";
import { ask } from "../report/ask.ts";

/** Asks before something that changes data. Without a terminal nobody can answer, and `--yes` has to be given. */
export async function confirm(yes: boolean, question: string): Promise<void> {
  if (yes) return;
  const answer = await ask(`${question} [y/N] `);
  if (answer === undefined) {
    throw new UsageError({
      operation: "ask",
      subject: `"${question}"`,
      cause: "there is no terminal",
      hint: "repeat the command with --yes",
    });
  }
  if (/^(y(es)?|s[ií]?)$/i.test(answer.trim())) return;
  throw new UsageError({ operation: "go on", subject: "without a yes", cause: "nothing was touched" });
}
