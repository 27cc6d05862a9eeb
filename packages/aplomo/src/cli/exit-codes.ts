import type { Say } from "../report/lang/say.ts";

/** The one table of exit codes; `docs/EXIT-CODES.md` explains them at length. */
export const exitCodes: Record<number, string> = {
  0: "done",
  1: "findings, or a gate failed and everything is back as it was",
  2: "usage or configuration; nothing was touched",
  3: "it could not be undone: a person is needed, the report says what to do",
  4: "another operation holds the application's lock",
  5: "it goes on on the server, without this command: aplomo attach",
  130: "interrupted, and undone",
};

/** The part of a command's help that lists how it can end. */
export function exitCodeHelp(codes: readonly number[], say: Say): string {
  const lines = [0, ...codes, 2].toSorted((a, b) => a - b).map((code) => `  ${String(code).padEnd(4)}${say(exitCodes[code] ?? "")}`);
  return `${say("Exit codes:")}\n${lines.join("\n")}`;
}
