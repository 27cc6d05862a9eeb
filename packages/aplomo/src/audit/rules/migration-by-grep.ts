import { wordsOf } from "../model/words.ts";
import { migrationOf } from "../ask/migrations.ts";
import type { Found, Rule } from "../rule.ts";

export const migrationByGrep: Rule = {
  id: "migration-by-grep",
  title: "a sentence of a tool decides whether to migrate",
  area: "data",
  severity: "warning",
  why: "the words a tool prints change with its version: the next update makes grep miss them, and migrations are skipped in silence, or run when they should not; it works until then, hence a warning",
  needs: ["start"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY server.js entrypoint.sh ./\nUSER node\nENTRYPOINT ["./entrypoint.sh"]\n',
    "entrypoint.sh":
      '#!/bin/sh\nset -e\n«if npx prisma migrate status | grep -q "have not yet been applied"; then\n  npx prisma migrate deploy\nfi¦npx prisma migrate deploy»\nexec node server.js\n',
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] =>
      start.commands.flatMap(({ command, words, script }): Found[] => {
        if (migrationOf(words) === undefined || command.after !== "|") return [];
        const next = script.commands[script.commands.indexOf(command) + 1];
        if (!next || wordsOf(next)[0] !== "grep" || start.development) return [];
        return [
          {
            place: next.place,
            message: `\`grep\` reads what \`${words.slice(0, 3).join(" ")}\` prints, and decides by it`,
            hint: "run the deploy command every time: it does nothing when there is nothing to do; or ask by exit code",
          },
        ];
      }),
    ),
};
