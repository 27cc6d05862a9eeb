import type { Stage } from "../read/dockerfile.ts";
import { parseShell } from "../read/shell.ts";
import { wordsOf } from "../model/words.ts";
import { purposeOf } from "../model/kinds.ts";
import type { Rule } from "../rule.ts";

export const imageOneStage: Rule = {
  id: "image-one-stage",
  title: "build tools are in the image that runs",
  area: "image",
  severity: "info",
  why: "compilers and development dependencies make the image several times as large, slow to pull, and give an intruder tools; nothing fails, hence info",
  needs: ["dockerfile"],
  example: {
    Dockerfile:
      'FROM node:22-slim AS build\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY src src\nRUN npm run build\n«CMD ["node", "dist/server.js"]¦FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --omit=dev\nCOPY --from=build /app/dist dist\nUSER node\nCMD ["node", "dist/server.js"]»\n',
  },
  check: (model) =>
    model.dockerfiles.flatMap((file) => {
      const stage = file.stages.at(-1);
      if (
        !stage ||
        purposeOf(file.source.path) === "development" ||
        !stage.instructions.some((one) => one.name === "CMD" || one.name === "ENTRYPOINT")
      )
        return [];
      const found = builds(stage);
      return found
        ? [
            {
              place: found.place,
              message: found.message,
              hint: "build in a stage of its own, and COPY --from it what runs into a last stage with production dependencies only",
            },
          ]
        : [];
    }),
};

function builds(stage: Stage): { place: Stage["from"]["place"]; message: string } | undefined {
  const runs = stage.instructions.filter((one) => one.name === "RUN");
  const text = runs.map((one) => one.body).join("\n");
  const built = runs.find((one) => /\b(npm|pnpm|yarn|bun)\b[^&|;]*\bbuild\b|\bnext build\b|\btsc\b|\bvite build\b/.test(one.body));
  const installs = runs
    .flatMap((one) => parseShell(stageSource(one.body)).commands.map(wordsOf))
    .some(
      ([program = "", act = "", ...rest]) =>
        /^(npm|pnpm|yarn)$/.test(program) &&
        (/^(ci|install|i)$/.test(act) || (program === "yarn" && act === "")) &&
        !rest.some((word) => /production|omit|prod|-P/.test(word)),
    );
  if (built && installs && !/\bprune\b|--omit|--prod/.test(text) && !/NODE_ENV=production/.test(text)) {
    return { place: built.place, message: "this stage builds and runs the application, so development dependencies stay in it" };
  }
  const compiler = runs.find(
    (one) =>
      /apt-get install[^&|;]*\b(build-essential|gcc|g\+\+)\b|apk add(?![^&|;]*(--virtual|-t\b))[^&|;]*\b(build-base|gcc|g\+\+)\b/.test(
        one.body,
      ) && !/apt-get (purge|remove|autoremove)|apk del/.test(one.body),
  );
  return compiler ? { place: compiler.place, message: "a compiler is installed in the image that runs, and stays in it" } : undefined;
}

function stageSource(text: string): Parameters<typeof parseShell>[0] {
  return { path: "", text, lines: 1, line: () => "", at: (start, end) => ({ file: "", line: 1, column: 1, start, end: end ?? start }) };
}
