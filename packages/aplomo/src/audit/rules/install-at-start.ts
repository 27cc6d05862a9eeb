import type { Found, Rule } from "../rule.ts";

export const installAtStart: Rule = {
  id: "install-at-start",
  title: "the container installs or builds when it starts",
  area: "start",
  severity: "warning",
  why: "a start then needs the registry, memory and minutes, and what runs is not what was tested: a restart in the night may bring another version, or none; it works while all goes well, hence a warning",
  needs: ["start"],
  example: {
    Dockerfile: "FROM node:22-slim\nCOPY . .\nRUN npm ci --omit=dev\nUSER node\nCMD «npm install && ¦»exec node server.js\n",
    ".dockerignore": ".env\n",
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      if (start.development || (start.kind !== "service" && start.kind !== "image")) return [];
      return start.commands.flatMap(({ command, words }): Found[] => {
        const text = words.join(" ");
        const found =
          /^(npm|pnpm|yarn|bun) (install|ci|i|add)\b/.test(text) ||
          /^prisma generate\b/.test(text) ||
          /^(tsc|next build|vite build|webpack)\b/.test(text) ||
          /^(npm|pnpm|yarn|bun) (run )?build\b/.test(text) ||
          /^pip3? install\b|^(python[\d.]* )-m pip install\b|^poetry install\b/.test(text) ||
          /^(apt-get|apk|apt) (update|install|add)\b/.test(text);
        if (!found || command.conditional || words.includes("--version")) return [];
        return [
          {
            place: command.place,
            message: `\`${words.slice(0, 3).join(" ")}\` runs at every start of ${start.name}`,
            hint: "do it in a RUN of the Dockerfile, so that the image is complete",
          },
        ];
      });
    }),
};
