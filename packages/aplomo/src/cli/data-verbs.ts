import type { Verb } from "./verb.ts";

/** The commands of `aplomo data`. */
export const dataVerbs: Verb[] = [
  {
    name: "push",
    there: "work",
    fileOptions: ["--identity"],
    sends: ({ expect = [] }: { expect?: string[] }, [dump = ""]) => [dump, ...expect],
    summary: "make a dump the data: loaded beside, proven against counts, then swapped; the data before it is kept",
    args: "<dump>",
    options: [
      ["--to <database>", "which database of aplomo.yml"],
      ["--expect <counts...>", "what it must hold: TABLE=ROWS, a file of such lines, a JSON object, or a backup's manifest"],
      ["--identity <file>", "the file with the key, for an encrypted backup"],
      ["--yes", "do not ask"],
    ],
    examples: [
      "aplomo data push local.sql.gz --to main --expect monthly_kpis=7320 --expect users=8",
      "aplomo data push local.dump --to main --expect counts.txt --yes",
      "aplomo data push ./main_manual_20261122_101500.sql.zst --to main",
    ],
    exits: [1, 3, 4, 130],
    load: () => import("./commands/data-push.ts"),
  },
];
