import type { Rule } from "../rule.ts";

export const folderGone: Rule = {
  id: "folder-gone",
  title: "the folder it runs in is gone",
  why: "A release's folder was removed, or replaced by a new one of the same name, under a process that runs: it goes on until its next start, which then fails.",
  next: "`aplomo rollback` or `aplomo deploy`: each release has a folder of its own, which nothing but retention removes.",
  needs: ["units"],
  check: ({ units = [] }) =>
    units.flatMap(({ name, program }) =>
      program && !program.folderExists ? [{ subject: name, message: `${program.folder} does not exist`, evidence: [] }] : [],
    ),
};
