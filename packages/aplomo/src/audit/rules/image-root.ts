import { bottomImage, inherited } from "../read/dockerfile.ts";
import type { Found, Rule } from "../rule.ts";

export const imageRoot: Rule = {
  id: "image-root",
  title: "the container runs as root",
  area: "image",
  severity: "warning",
  why: "whoever breaks into the application is root in the container, and a mistake in a mount makes that root on the server; it works all the same, hence a warning",
  needs: ["start"],
  example: {
    Dockerfile: 'FROM node:22-slim\nWORKDIR /app\nCOPY server.js ./\n«¦USER node\n»CMD ["node", "server.js"]\n',
    ".dockerignore": ".env\n",
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      const { stage, service } = start;
      if (!stage || start.development || service?.keys.has("user")) return [];
      const all = inherited(stage);
      const user = all.findLast((one) => one.name === "USER");
      const explicit = user && /^(root|0)(:|\s|$)/.test(user.body.trim());
      if (user && !explicit) return [];
      // Images of others may have a user of their own; only what is known to be root is told.
      const base = bottomImage(stage);
      if (
        !user &&
        !/^(docker\.io\/)?(library\/)?(node|python|ruby|golang|php|rust|debian|ubuntu|alpine|oven\/bun|eclipse-temurin|openjdk|denoland\/deno)(:|@|$)/.test(
          base,
        )
      )
        return [];
      const drops = /\b(gosu|su-exec|setpriv|runuser|s6-setuidgid|chroot --userspec|su -s|su -c|sudo -u|setuidgid)\b/;
      if (
        start.commands.some(
          ({ command, script }) =>
            drops.test(command.words.map((word) => word.raw).join(" ")) || drops.test(script.source.text.slice(script.start, script.end)),
        )
      )
        return [];
      const place = user?.place ?? stage.from.place;
      return [
        {
          place,
          message: explicit ? "the last USER is root" : `nothing says as whom it runs, and ${base} runs as root`,
          hint: `write USER before CMD (${base.startsWith("node") ? "this image has the user node" : "make one with useradd"}), and give it the folders it writes to: COPY --chown, or chown in a RUN; a volume that exists needs its files' owner changed once`,
        },
      ];
    }),
};
