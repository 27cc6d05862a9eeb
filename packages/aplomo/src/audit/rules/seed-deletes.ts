import { search } from "../ask/code.ts";
import { migrationOf } from "../ask/migrations.ts";
import { isTest, nameOf } from "../model/kinds.ts";
import { at, itemsOf, textOf } from "../read/yaml.ts";
import type { Found, Rule } from "../rule.ts";

export const seedDeletes: Rule = {
  id: "seed-deletes",
  title: "the seed deletes data",
  area: "data",
  severity: "error",
  why: "a seed that empties tables first is for developers; where it runs at a start or deploy, it deletes what people entered since",
  incident: "I12: a seed deleted all users at each deploy",
  needs: ["code"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY . .\nUSER node\nENTRYPOINT ["./entrypoint.sh"]\n',
    ".dockerignore": ".env\n",
    "entrypoint.sh": '#!/bin/sh\nset -e\nif [ "$RUN_SEED" = 1 ]; then node prisma/seed.js; fi\nexec node server.js\n',
    "prisma/seed.js":
      "«await prisma.user.deleteMany();\n¦»await prisma.user.upsert({ where: { email }, update: {}, create: { email } });\n",
  },
  check: (model) => {
    const seeds = model.code.filter(
      (code) => /(^|[/._-])seed(s|er|ers|ing)?([/._-]|$)/i.test(code.source.path) && !isTest(code.source.path),
    );
    const runs = model.starts.filter(
      (start) => !start.development && start.commands.some(({ words }) => migrationOf(words)?.act === "seed"),
    );
    const configured = itemsOf(at(model.aplomo, "seed", "run")).map((item) => textOf(item) ?? "");
    const reached = (path: string): boolean =>
      runs.some((start) =>
        start.commands.some(
          ({ words }) =>
            migrationOf(words)?.act === "seed" &&
            (!words.some((word) => /\.[cm]?[jt]s$|\.py$/.test(word)) ||
              words.some((word) => nameOf(word).replace(/\.[a-z]+$/, "") === nameOf(path).replace(/\.[a-z]+$/, ""))),
        ),
      ) || configured.some((word) => nameOf(word) === nameOf(path));
    const pattern =
      /\.deleteMany\(\s*(\{\s*\}\s*)?\)|\bDELETE\s+FROM\s+["'`\w.]+\s*(;|["'`]|$)|\bTRUNCATE\s+(TABLE\s+)?["\w]|\.sync\(\s*\{[^}]*force:\s*true|\.dropDatabase\(|\.destroy\(\s*\{[^}]*truncate:\s*true|\.objects\.all\(\)\.delete\(/gi;
    return search(seeds, /delete|truncate|force|drop|destroy/i, pattern).flatMap(({ code, match, place }): Found[] => {
      const isReached = reached(code.source.path);
      const line = code.source.line(place.line).trim();
      void match;
      return [
        {
          place,
          severity: isReached ? "error" : "info",
          message: isReached
            ? `\`${line.slice(0, 60)}\` deletes what is there, and this seed runs when the application starts`
            : `\`${line.slice(0, 60)}\`: this seed deletes what is there; it must never run in production`,
          hint: "look each row up before creating it (upsert), and delete nothing; for developers keep a reset of its own",
        },
      ];
    });
  },
};
