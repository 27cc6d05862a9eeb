import { healthcheckOf } from "../ask/probes.ts";
import type { Rule } from "../rule.ts";

export const imageNoHealthcheck: Rule = {
  id: "image-no-healthcheck",
  title: "nothing asks whether the container works",
  area: "health",
  severity: "info",
  why: "a process that hangs counts as running; who starts the image without compose gets no other check; an orchestrator may bring its own, hence info",
  needs: ["dockerfile"],
  example: {
    Dockerfile:
      'FROM node:22-slim\nCOPY . .\nUSER node\nEXPOSE 3000\n«¦HEALTHCHECK --timeout=3s CMD ["node", "healthcheck.js"]\n»CMD ["node", "server.js"]\n',
    ".dockerignore": ".env\n",
  },
  check: (model) =>
    model.starts.flatMap((start) => {
      const { stage } = start;
      if (start.kind !== "image" || !stage || start.development || healthcheckOf(stage)) return [];
      const exposes = stage.instructions.find((one) => one.name === "EXPOSE");
      if (!exposes) return [];
      return [
        {
          place: exposes.place,
          message: "the image listens on a port, and has no HEALTHCHECK",
          hint: "add HEALTHCHECK CMD with a program that is in the image and asks the health route, or a healthcheck in compose",
        },
      ];
    }),
};
