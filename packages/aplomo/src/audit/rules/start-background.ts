import { isLongRunning } from "../ask/programs.ts";
import type { Found, Rule } from "../rule.ts";

export const startBackground: Rule = {
  id: "start-background",
  title: "a second process nobody watches",
  area: "start",
  severity: "warning",
  why: "what is started with & and dies stays dead while the container counts as running, and it gets no SIGTERM when it stops; nothing fails at once, hence a warning",
  needs: ["start"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY server.js worker.js entrypoint.sh ./\nUSER node\nENTRYPOINT ["./entrypoint.sh"]\n',
    "entrypoint.sh": "#!/bin/sh\nset -e\n«node worker.js &\n¦»exec node server.js\n",
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      if (start.development || (start.kind !== "service" && start.kind !== "image")) return [];
      return start.commands.flatMap(({ command, words, script }): Found[] => {
        if (
          command.after !== "&" ||
          command.substituted ||
          !isLongRunning(
            words,
            command.words.map((word) => word.raw),
          )
        )
          return [];
        const rest = script.commands.slice(script.commands.indexOf(command) + 1);
        const watches = rest.find((one) => one.words[0]?.value === "wait");
        // `wait -n` sees the first that ends; a trap passes signals on.
        const usesAny = rest.find((one) => one.words[0]?.value === "wait" && one.words[1]?.value === "-n");
        if (usesAny) {
          const plain = script.shell === "sh" || (script.shell === undefined && script.start > 0);
          const debian = start.stage !== undefined && !/alpine|busybox/.test(start.stage.image) && !start.stage.image.includes("$");
          return plain && debian
            ? [
                {
                  place: usesAny.place,
                  severity: "error",
                  message: "`wait -n` is not known to sh here (dash): the script ends with an error at once",
                  hint: "write #!/bin/bash, or one process a container",
                },
              ]
            : [];
        }
        if (watches && script.commands.some((one) => one.words[0]?.value === "trap")) return [];
        return [
          {
            place: command.place,
            message: `\`${command.words
              .map((word) => word.raw)
              .slice(0, 3)
              .join(" ")} &\` runs beside the main process, and nobody notices when it ends`,
            hint: "make it a service of its own in compose: same image, another command",
          },
        ];
      });
    }),
};
