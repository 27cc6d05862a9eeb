import { migrationOf } from "../ask/migrations.ts";
import type { Start } from "../model/start.ts";
import type { Command } from "../read/shell.ts";
import type { Found, Rule } from "../rule.ts";

export const seedEveryStart: Rule = {
  id: "seed-every-start",
  title: "the seed runs at every start",
  area: "data",
  severity: "warning",
  why: "each restart writes the first data again: deleted rows come back, changed ones are overwritten, and two replicas do it at once; one that only adds what is missing is harmless, hence a warning",
  incident: "I12: a seed ran at each deploy, and deleted users",
  needs: ["start"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY . .\nUSER node\nENTRYPOINT ["./entrypoint.sh"]\n',
    ".dockerignore": ".env\n",
    "entrypoint.sh": '#!/bin/sh\nset -e\n«node seed.js¦if [ "$RUN_SEED" = 1 ]; then node seed.js; fi»\nexec node server.js\n',
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      if (start.development) return [];
      const others = start.commands.filter(({ command }) => !command.substituted);
      return start.commands.flatMap(({ command, words }): Found[] => {
        if (
          migrationOf(words)?.act !== "seed" ||
          command.conditional ||
          (command.before === "&&" && /\[|test /.test(before(start, command))) ||
          others.length < 2
        )
          return [];
        if (words[0] === "npm" || words[0] === "pnpm" || words[0] === "yarn") {
          // What it runs is looked at itself.
          if (start.commands.some((one) => one.chain.length > 1 && one.command !== command && migrationOf(one.words)?.act === "seed"))
            return [];
        }
        return [
          {
            place: command.place,
            message: `\`${words.slice(0, 4).join(" ")}\` runs at every start of ${start.name}`,
            hint: "run it once, when the database is empty: `seed:` in aplomo.yml, or seed() of @aplomo/runtime, which only adds what is missing",
          },
        ];
      });
    }),
};

function before(start: Start, command: Command): string {
  const index = start.commands.findIndex((one) => one.command === command);
  return start.commands[index - 1]?.command.words.map((word) => word.value).join(" ") ?? "";
}
