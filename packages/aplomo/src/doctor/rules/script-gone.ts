import type { Rule } from "../rule.ts";

export const scriptGone: Rule = {
  id: "script-gone",
  title: "the script that is started does not exist",
  why: "The build did not make it, or it has another name by now; a process that runs notices at its next start.",
  next: "Build again, or correct target.script; then deploy.",
  needs: ["units"],
  check: ({ units = [] }) =>
    units.flatMap(({ name, program }) =>
      program && program.folderExists && !program.scriptExists
        ? [{ subject: name, message: `${program.script} does not exist`, evidence: [] }]
        : [],
    ),
};
