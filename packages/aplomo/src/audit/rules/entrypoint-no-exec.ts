import { isLongRunning } from "../ask/programs.ts";
import type { Found, Rule } from "../rule.ts";

export const entrypointNoExec: Rule = {
  id: "entrypoint-no-exec",
  title: "the shell stays the main process",
  area: "shutdown",
  severity: "warning",
  why: "SIGTERM goes to the script's shell, which waits for the application and does not pass it on: after ten seconds everything is killed with its requests; it works until the container is stopped, hence a warning",
  needs: ["start"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY server.js entrypoint.sh ./\nUSER node\nENTRYPOINT ["./entrypoint.sh"]\n',
    "entrypoint.sh": "#!/bin/sh\nset -e\necho starting\n«¦exec »node server.js\n",
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      if (start.development || (start.kind !== "service" && start.kind !== "image")) return [];
      // An init in front passes signals to its child, which is the shell; `-g` reaches the whole group.
      if (start.entrypoint?.words.some((word) => word === "-g" || word.endsWith("dumb-init"))) return [];
      const scripts = new Set(start.commands.filter(({ script }) => script.shell !== undefined).map(({ script }) => script));
      return [...scripts].flatMap((script): Found[] => {
        const own = start.commands.filter(
          (one) => one.script === script && !one.command.substituted && one.command.inFunction === undefined,
        );
        const last = own.at(-1);
        if (!last || script.commands.some((one) => one.words[0]?.value === "trap")) return [];
        const { command } = last;
        const raw = command.words.map((word) => word.raw);
        if (
          raw[0] === "exec" ||
          command.after === "|" ||
          command.after === "&" ||
          command.loops.length > 0 ||
          command.tested ||
          !isLongRunning(last.words, raw)
        )
          return [];
        return [
          {
            place: command.place,
            message: `\`${raw.slice(0, 3).join(" ")}\` is started without exec: the shell stays in front, and SIGTERM ends there`,
            hint: `write exec ${raw.slice(0, 3).join(" ")}${raw.length > 3 ? " ..." : ""}`,
            ...(script.start === 0
              ? {
                  fix: {
                    title: `let ${last.words[0] ?? "it"} take the shell's place`,
                    changesBehaviour: true,
                    edits: [{ place: script.source.at(command.place.start, command.place.start), text: "exec " }],
                  },
                }
              : {}),
          },
        ];
      });
    }),
};
