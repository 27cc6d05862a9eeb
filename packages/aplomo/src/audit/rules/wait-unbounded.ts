import { changesSchema, migrationOf } from "../ask/migrations.ts";
import type { Found, Rule } from "../rule.ts";

export const waitUnbounded: Rule = {
  id: "wait-unbounded",
  title: "a wait that never gives up",
  area: "start",
  severity: "info",
  why: "when the database never comes, or the password is wrong, the container waits in silence for ever and counts as running; nothing is lost, hence info; repeating a migration that failed for a reason is a warning",
  needs: ["start"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY server.js entrypoint.sh ./\nUSER node\nENTRYPOINT ["./entrypoint.sh"]\n',
    "entrypoint.sh":
      '#!/bin/sh\nset -e\n«until nc -z db 5432; do\n  sleep 1\ndone¦tries=0\nuntil nc -z db 5432; do\n  tries=$((tries + 1))\n  [ "$tries" -lt 60 ] || exit 1\n  sleep 1\ndone»\nexec node server.js\n',
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      if (start.development) return [];
      const seen = new Set<number>();
      return start.commands.flatMap(({ command, words, script }): Found[] => {
        const loop = command.loops.at(-1);
        if (!loop || loop.kind === "for" || seen.has(loop.start) || script.shell === undefined) return [];
        const body = script.source.text.slice(loop.start, loop.end);
        if (
          !/\bsleep\b/.test(body) ||
          /\$\(\(|\blet\b|\(\(|\bexpr\b|\bbreak\b|\bexit\b|\breturn\b|\btimeout\b|SECONDS|-le |-lt |-gt |-ge |\bread\b|\bwait\b/.test(body)
        )
          return [];
        seen.add(loop.start);
        const migrates = changesSchema(migrationOf(words)) || /migrate|db push/.test(body);
        return [
          {
            place: script.source.at(loop.start),
            severity: migrates ? "warning" : "info",
            message: migrates
              ? "a migration that fails is repeated for ever, although most failures stay the same"
              : "this loop has no end: when what it waits for never comes, nobody hears of it",
            hint: migrates
              ? "run it once and let the container stop; wait for the database before it, with a limit"
              : "count the tries and exit 1 after a minute, or let compose wait: depends_on with condition: service_healthy",
          },
        ];
      });
    }),
};
