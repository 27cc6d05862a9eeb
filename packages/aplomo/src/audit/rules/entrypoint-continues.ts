import { changesSchema, migrationOf } from "../ask/migrations.ts";
import { stopsOnError } from "../read/shell.ts";
import type { Found, Rule } from "../rule.ts";

export const entrypointContinues: Rule = {
  id: "entrypoint-continues",
  title: "the application starts although its migration failed",
  area: "start",
  severity: "error",
  why: "without `set -e` a shell goes on after a failed command: new code serves requests on the old schema, and its errors are those of a missing column, not of the migration",
  incident: "I17: a migration failed, the entrypoint went on, and new code ran on the old schema",
  needs: ["start"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY server.js entrypoint.sh ./\nUSER node\nENTRYPOINT ["./entrypoint.sh"]\n',
    "entrypoint.sh": "#!/bin/sh\n«¦set -e\n»npx prisma migrate deploy\nexec node server.js\n",
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      if (start.development) return [];
      return start.commands.flatMap(({ command, words, script }): Found[] => {
        if (
          !changesSchema(migrationOf(words)) ||
          command.tested ||
          command.substituted ||
          (command.after !== "\n" && command.after !== ";")
        )
          return [];
        const runsSet = script.commands.filter((one) => one.place.start < command.place.start);
        if (stopsOnError(script) && (script.shell !== undefined || runsSet.some((one) => one.words[0]?.value === "set"))) return [];
        if (command.inFunction !== undefined && script.commands.some((one) => one.words[0]?.value === command.inFunction && one.tested))
          return [];
        const rest = afterBranches(script.source.text.slice(command.place.end, script.end));
        const later = script.commands.filter((one) => one.place.start >= command.place.end + rest && !one.substituted);
        // The next command looks at `$?`.
        const next = script.source.text.slice(command.place.end + rest, command.place.end + rest + 160);
        if (later.length === 0 || /^\s*[;\n]?\s*(\w+=\$\?|if\s+\[+\s+"?\$\?|test\s+"?\$\?|\[+\s+"?\$\?)/.test(next)) return [];
        const atStart = script.source.text.startsWith("#!", script.start)
          ? script.source.text.indexOf("\n", script.start) + 1
          : script.start;
        const isFile = script.start === 0;
        const newline = script.source.text[atStart - 2] === "\r" ? "\r\n" : "\n";
        return [
          {
            place: command.place,
            message: `when \`${words.slice(0, 3).join(" ")}\` fails, the script goes on`,
            hint: isFile ? "write set -e in the script's second line" : "join the commands with && instead of ;",
            ...(isFile
              ? {
                  fix: {
                    title: "stop at the first command that fails",
                    changesBehaviour: true,
                    edits: [{ place: script.source.at(atStart, atStart), text: `set -e${newline}` }],
                  },
                }
              : {}),
          },
        ];
      });
    }),
};

/** The ends of the conditions a command is the last of, and their other branches, passed over: what is run after it. */
function afterBranches(text: string): number {
  let at = 0;
  for (let round = 0; round < 20; round++) {
    const next = /^[\s;]*(fi|else|elif)\b/.exec(text.slice(at));
    if (!next) return at;
    at += next[0].length;
    if (next[1] !== "fi") at += closingFi(text.slice(at));
  }
  return at;
}

function closingFi(text: string): number {
  let depth = 1;
  for (const match of text.matchAll(/(?:^|[\n;])\s*(if|fi)\b/g)) {
    depth += match[1] === "if" ? 1 : -1;
    if (depth === 0) return match.index + match[0].length;
  }
  return text.length;
}
