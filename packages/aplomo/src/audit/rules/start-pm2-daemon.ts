import type { Found, Rule } from "../rule.ts";

export const startPm2Daemon: Rule = {
  id: "start-pm2-daemon",
  title: "pm2 start ends at once in a container",
  area: "start",
  severity: "error",
  why: "`pm2 start` puts a daemon into the background and returns: the container's main process has ended, so Docker stops the container, or restarts it for ever",
  needs: ["start"],
  example: {
    Dockerfile:
      'FROM node:22-slim\nRUN npm install -g pm2\nCOPY . .\nUSER node\nCMD ["«pm2", "start¦pm2-runtime", "start»", "ecosystem.config.js"]\n',
    ".dockerignore": ".env\n",
    "ecosystem.config.js": "module.exports = { apps: [{ name: 'web', script: 'server.js' }] };\n",
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      if (start.kind !== "service" && start.kind !== "image") return [];
      return start.commands.flatMap(({ command, words, script }): Found[] => {
        if (
          words[0] !== "pm2" ||
          !/^(start|startOrRestart|startOrReload|restart|reload)$/.test(words[1] ?? "") ||
          words.includes("--no-daemon") ||
          command.substituted
        )
          return [];
        const after = script.commands.slice(script.commands.indexOf(command) + 1).filter((one) => !one.substituted);
        const stays = after.some((one) =>
          /^(pm2 (logs?|monit|attach)|tail -[fF]|sleep (infinity|inf)|exec |wait)/.test(one.words.map((word) => word.value).join(" ")),
        );
        if (after.length > 0 && !stays) return [];
        const hint = "write pm2-runtime instead of pm2: it stays in front and passes signals on";
        if (stays)
          return [
            {
              place: command.place,
              severity: "warning",
              message: "pm2 runs in the background, and something else keeps the container alive: a crash and SIGTERM go unnoticed",
              hint,
            },
          ];
        return [
          {
            place: command.place,
            message: `\`pm2 ${words[1]}\` puts the application into the background and ends, and the container with it`,
            hint,
          },
        ];
      });
    }),
};
