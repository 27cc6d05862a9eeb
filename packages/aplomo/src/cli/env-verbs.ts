import type { Verb } from "./verb.ts";

/** The commands of `aplomo env`. */
export const envVerbs: Verb[] = [
  {
    name: "check",
    there: "ask",
    summary: "check the environment against its contract in aplomo.yml: file, line, name, rule and what to do",
    examples: ["aplomo env check", "aplomo env check --json"],
    exits: [1],
    load: () => import("./commands/env-check.ts"),
  },
  {
    name: "diff",
    there: "ask",
    summary: "compare the present environment with the release in front, and with what its units have",
    examples: ["aplomo env diff", "aplomo env diff --json"],
    exits: [1],
    load: () => import("./commands/env-diff.ts"),
  },
  {
    name: "push",
    summary: "put a checked file in the place of env.file, in one act and for its owner alone; the former one is kept",
    args: "[file]",
    options: [["--undo", "put the former one back; what is there now is kept in turn"]],
    examples: ["aplomo env push new.env", "aplomo env push - < new.env", "aplomo env push --undo"],
    exits: [4],
    load: () => import("./commands/env-push.ts"),
  },
];
