import type { Found, Rule } from "../rule.ts";

export const waitForItLax: Rule = {
  id: "wait-for-it-lax",
  title: "wait-for-it starts the application all the same",
  area: "start",
  severity: "warning",
  why: "without --strict wait-for-it runs the command also when the time is over (15 s by default) and nobody answered; the application then fails by itself, hence a warning",
  needs: ["start"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY . .\nUSER node\nCMD ["./wait-for-it.sh", "db:5432", «¦"--strict", »"--", "node", "server.js"]\n',
    ".dockerignore": ".env\n",
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      if (start.development) return [];
      return start.commands.flatMap(({ command }): Found[] => {
        const words = command.words.map((word) => word.value);
        const index = words.findIndex((word) => /(^|\/)wait-for-it(\.sh)?$/.test(word));
        const end = words.indexOf("--");
        if (index === -1 || end === -1) return [];
        const options = words.slice(index + 1, end);
        if (
          options.some((word) => word === "-s" || word === "--strict" || word === "-t0" || word === "--timeout=0") ||
          (options.includes("-t") && options[options.indexOf("-t") + 1] === "0")
        )
          return [];
        return [
          {
            place: command.place,
            message: "when nobody answers in time, the application is started all the same",
            hint: "add --strict before --",
          },
        ];
      });
    }),
};
