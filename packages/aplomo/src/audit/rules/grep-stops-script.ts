import { wordsOf } from "../model/words.ts";
import { failsOnPipe, stopsOnError, type Command, type Script } from "../read/shell.ts";
import { isTest } from "../model/kinds.ts";
import type { Found, Rule } from "../rule.ts";

export const grepStopsScript: Rule = {
  id: "grep-stops-script",
  title: "the script ends when grep finds nothing",
  area: "start",
  severity: "warning",
  why: "grep ends with 1 when no line matches, also `grep -c` and `grep -v`; under `set -e` an assignment from it ends the script without a word; only on the day when nothing matches, hence a warning",
  incident: "I9: a git hook's `grep -v` had no input, and every commit was refused without a message",
  needs: [],
  example: {
    ".githooks/pre-commit":
      "#!/bin/sh\nset -e\nfiles=$(git diff --cached --name-only | grep -v '^docs/'«)¦ || true)»\nfor file in $files; do npx prettier --check \"$file\"; done\n",
    Makefile: "hooks:\n\tgit config core.hooksPath .githooks\n\nlint:\n\tnpx prettier --check .\n",
    ".github/workflows/ci.yml": "jobs: { test: { steps: [{ run: npx prettier --check . }] } }\n",
  },
  check: (model) => {
    const reached = new Set(model.starts.flatMap((start) => start.commands.map(({ script }) => script)));
    const all = new Set<Script>([...reached, ...model.hooks, ...model.scripts.values()]);
    return [...all].flatMap((script): Found[] => {
      if (isTest(script.source.path) || !stopsOnError(script)) return [];
      const pipefail = failsOnPipe(script);
      return script.commands.flatMap((command, index): Found[] => {
        const [program = "", ...rest] = wordsOf(command);
        if (!/^(e|f|z)?grep$/.test(program) || command.tested || !command.substituted) return [];
        const isLast = command.after === "" || command.after === "\n";
        if (!isLast && !(pipefail && command.after === "|")) return [];
        const whole = enclosing(script, command, index);
        // `local x=$(...)` and `echo $(...)` hide the status; an assignment alone does not.
        if (!whole || whole.words.length > 0 || whole.tested || whole.substituted || whole.after === "||" || whole.after === "&&")
          return [];
        if (inFunctionThatIsTested(script, whole)) return [];
        const substitution = script.source.text.slice(whole.place.start, whole.place.end);
        if (/\|\|/.test(substitution)) return [];
        const guarded = rest.some((word) => /^--?help/.test(word));
        if (guarded) return [];
        const simple = isLast && script.start === 0;
        return [
          {
            place: command.place,
            message: `when ${program} finds nothing, ${whole.assignments[0]?.name ?? "the assignment"}=$(...) fails, and \`set -e\` ends the script here, silently`,
            hint: "write || true behind it, inside the brackets",
            ...(simple
              ? {
                  fix: {
                    title: "go on when nothing is found",
                    changesBehaviour: true,
                    edits: [{ place: script.source.at(command.place.end, command.place.end), text: " || true" }],
                  },
                }
              : {}),
          },
        ];
      });
    });
  },
};

/** The command that a substituted one stands in. */
function enclosing(script: Script, inner: Command, index: number): Command | undefined {
  return script.commands.slice(index + 1).find((one) => one.place.start < inner.place.start && one.place.end >= inner.place.end);
}

/** `set -e` does not hold inside a function that is called in a condition. */
function inFunctionThatIsTested(script: Script, command: Command): boolean {
  const name = command.inFunction;
  return name !== undefined && script.commands.some((one) => one.words[0]?.value === name && one.tested);
}
