import { parseShell } from "../read/shell.ts";
import { finalStage, inherited } from "../read/dockerfile.ts";
import type { Found, Rule } from "../rule.ts";

export const imageShellCmd: Rule = {
  id: "image-shell-cmd",
  title: "a shell stands between Docker and the application",
  area: "shutdown",
  severity: "warning",
  why: "Docker sends SIGTERM to the shell; most shells do not pass it on, so the application is killed after ten seconds with its requests; some shells step aside by themselves, hence a warning",
  needs: ["dockerfile"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY server.js ./\nUSER node\nCMD «npm run migrate && node server.js¦["node", "server.js"]»\n',
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      const { dockerfile, stage, service } = start;
      if (!dockerfile || !stage || start.development || service?.command || service?.entrypoint) return [];
      const all = inherited(finalStage(dockerfile) === stage ? stage : stage);
      if (all.some((one) => one.name === "SHELL")) return [];
      const entry = all.findLast((one) => one.name === "ENTRYPOINT");
      const instruction = entry && entry.json === undefined ? entry : all.findLast((one) => one.name === "CMD");
      if (!instruction || instruction.json !== undefined || (entry && instruction !== entry)) return [];
      const script = parseShell(
        dockerfile.source,
        instruction.start,
        instruction.start + instruction.body.length,
        dockerfile.source.text.slice(0, instruction.start) + instruction.body,
      );
      const last = script.commands.findLast((command) => !command.substituted);
      if (
        !last ||
        last.words[0]?.value === "exec" ||
        (/["$`]/.test(instruction.body) && script.commands.length === 1 && /\bexec\b/.test(instruction.body))
      )
        return [];
      const single = script.commands.length === 1 && last.assignments.length === 0 && !/[$*?~`"'\\]/.test(instruction.body);
      const words = last.words.map((word) => word.value);
      return [
        {
          place: instruction.place,
          message: `${instruction.name} in shell form: a shell is the main process, and SIGTERM may never reach ${words[0] ?? "the application"}`,
          hint: single
            ? `write ${instruction.name} ${JSON.stringify(words).replaceAll('","', '", "')}`
            : 'put exec before the last command, or move the rest into an entrypoint script that ends with exec "$@"',
          fix: single
            ? {
                title: `write ${instruction.name} as a list, so that no shell is between`,
                changesBehaviour: true,
                edits: [
                  {
                    place: dockerfile.source.at(instruction.start, instruction.start + instruction.body.trimEnd().length),
                    text: JSON.stringify(words).replaceAll('","', '", "'),
                  },
                ],
              }
            : {
                title: "let the last command take the shell's place",
                changesBehaviour: true,
                edits: [{ place: dockerfile.source.at(last.place.start, last.place.start), text: "exec " }],
              },
        },
      ];
    }),
};
