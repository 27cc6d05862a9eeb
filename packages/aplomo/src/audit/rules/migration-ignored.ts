import { changesSchema, migrationOf } from "../ask/migrations.ts";
import { wordsOf } from "../model/words.ts";
import { following } from "../read/shell.ts";
import type { Found, Rule } from "../rule.ts";

export const migrationIgnored: Rule = {
  id: "migration-ignored",
  title: "a failed migration is passed over",
  area: "data",
  severity: "error",
  why: "`|| true` makes a failure look like success, and `|| prisma db push` then changes the schema by guess, past every migration: columns are dropped, and later migrations cannot be applied any more",
  incident: "I17: a migration failed, the entrypoint went on, and new code ran on the old schema",
  needs: ["start"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY server.js entrypoint.sh ./\nUSER node\nENTRYPOINT ["./entrypoint.sh"]\n',
    "entrypoint.sh": "#!/bin/sh\nset -e\nnpx prisma migrate deploy« || true¦»\nexec node server.js\n",
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      if (start.development) return [];
      return start.commands.flatMap(({ command, words, script }): Found[] => {
        if (!changesSchema(migrationOf(words)) || command.loops.length > 0) return [];
        const shown = `\`${words.slice(0, 3).join(" ")}\``;
        const hint = "let it fail: the container then stops and says why, and the release before goes on serving";
        if (command.after === "||") {
          const next = following(script, command);
          if (!next) return [];
          const other = wordsOf(next);
          const text = other.join(" ");
          const goesOn = /^(true|:|echo|printf|log\w*|warn\w*|sleep)\b/.test(text) || other[0] === ":";
          // `|| { echo failed; exit 1; }` says it and stops.
          const block = script.source.text.slice(command.place.end, Math.min(script.end, command.place.end + 400));
          const stops =
            /^\s*\|\|\s*[({][^})]*\b(exit|return)\b/s.test(block) || /^\s*\|\|\s*(exit|return|die|fail|abort|error)\b/.test(block);
          if (changesSchema(migrationOf(other)))
            return [
              {
                place: command.place,
                message: `when ${shown} fails, \`${text.slice(0, 40)}\` changes the schema past all migrations`,
                hint,
              },
            ];
          const plain = /^\s*\|\|\s*(true|:)\s*(?=\r?\n|$|;|&&|#)/.exec(block);
          if (goesOn && !stops)
            return [
              {
                place: command.place,
                message: `a failure of ${shown} is passed over: \`|| ${text.slice(0, 40)}\``,
                hint,
                ...(plain && nameIsShell(script.source.path)
                  ? {
                      fix: {
                        title: "let the migration's failure stop the start",
                        changesBehaviour: true,
                        edits: [{ place: script.source.at(command.place.end, command.place.end + plain[0].trimEnd().length), text: "" }],
                      },
                    }
                  : {}),
              },
            ];
          return [];
        }
        const before = script.source.text.slice(Math.max(script.start, command.place.start - 12), command.place.start);
        if (!/\bif\s+(!\s+)?$/.test(before)) return [];
        const end = script.source.text.slice(command.place.end, script.end).search(/(^|[\s;])fi(?=[\s;]|$)/);
        const body = script.source.text.slice(command.place.end, end === -1 ? script.end : command.place.end + end);
        const negated = /!\s+$/.test(before);
        const failing = negated ? body.split(/\belse\b/)[0] : (body.split(/\belse\b/)[1] ?? "");
        // Without else, or with something that decides later, nobody can tell from here.
        if (failing === undefined || /\b(exit|return|kill|die|fail\w*\s|abort|false|exec)\b|=/.test(failing.replace(/["'][^"']*["']/g, "")))
          return [];
        const after = script.source.text.slice(command.place.end + Math.max(end, 0), script.end);
        if (
          after.replace(/^\s*fi\b/, "").trim() === "" ||
          failing.trim() === "" ||
          /migrat|db push/.test(failing.replace(/["'][^"']*["']/g, ""))
        )
          return [];
        return [{ place: command.place, message: `when ${shown} fails, the script says so and goes on`, hint }];
      });
    }),
};

function nameIsShell(path: string): boolean {
  return /\.(sh|bash)$|entrypoint$/.test(path);
}
