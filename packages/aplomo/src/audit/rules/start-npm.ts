import { packageScript, programName } from "../model/words.ts";
import type { Found, Rule } from "../rule.ts";

export const startNpm: Rule = {
  id: "start-npm",
  title: "a package manager is the main process",
  area: "shutdown",
  severity: "warning",
  why: "npm, yarn and pnpm start the application through a shell: signals arrive late, twice or not at all, exit codes are theirs, and they take memory for nothing; it works until the container is stopped, hence a warning",
  needs: ["start"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY . .\nUSER node\nCMD «["npm", "start"]¦["node", "server.js"]»\n',
    ".dockerignore": ".env\n",
    "package.json": '{ "scripts": { "start": "node server.js" } }\n',
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      if (start.development || (start.kind !== "service" && start.kind !== "image")) return [];
      return start.commands.flatMap(({ command, words, script }): Found[] => {
        if (command.conditional || command.after === "&&" || command.after === "&" || command.after === "|" || command.substituted)
          return [];
        // Only what a launch or script ends with stays.
        const last = script.commands.findLast((one) => !one.substituted && !one.conditional && one.inFunction === undefined);
        if (last !== command || script.source.path.endsWith("package.json")) return [];
        const name = packageScript(words);
        const program = programName(words[0] ?? "");
        const runsAll = /^(npm-run-all2?|run-p|run-s|concurrently)$/.test(program);
        if ((name === undefined && !runsAll) || (name !== undefined && !/start|serve|prod|server|web|worker/.test(name))) return [];
        const runs = model.packages.find((one) => one.folder === start.folder)?.scripts.get(name ?? "")?.text;
        return [
          {
            place: command.place,
            message: `${program} is the main process of ${start.name}, and the application its grandchild`,
            hint: `start the program itself${runs === undefined || runs.length > 80 || /^(npm|pnpm|yarn|run-)/.test(runs) ? ', such as ["node", "server.js"]' : `: ${runs}`}`,
          },
        ];
      });
    }),
};
