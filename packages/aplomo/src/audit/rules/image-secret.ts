import { isReference, isSecretName, passwordOf } from "../ask/secrets.ts";
import { isPlaceholder } from "../../config/weak-secrets.ts";
import { isTest, purposeOf } from "../model/kinds.ts";
import { assignments } from "../read/dockerfile.ts";
import type { Found, Rule } from "../rule.ts";

export const imageSecret: Rule = {
  id: "image-secret",
  title: "a secret is written into the image",
  area: "image",
  severity: "error",
  why: "ENV and ARG stay in the image and its history: everybody who can pull it reads them with `docker history`, and a leaked value cannot be taken back",
  needs: ["dockerfile"],
  example: {
    Dockerfile: 'FROM node:22-slim\nENV NODE_ENV=production« SESSION_SECRET=h7Kp2xQ9vLw4nZ8r¦»\nUSER node\nCMD ["node", "server.js"]\n',
  },
  check: (model) =>
    model.dockerfiles.flatMap((file) => {
      if (isTest(file.source.path)) return [];
      // What only a build stage says does not reach the image; its layers are still on the machine that built it.
      const last = file.stages.at(-1);
      const shipped = new Set<unknown>();
      for (let stage = last; stage && !shipped.has(stage); stage = stage.base) shipped.add(stage);
      return file.stages.flatMap((stage) =>
        stage.instructions.flatMap((instruction): Found[] => {
          if (instruction.name !== "ENV" && instruction.name !== "ARG") return [];
          return assignments(instruction).flatMap(({ name, value, offset }): Found[] => {
            const place = file.source.at(offset, offset + name.length);
            const inUrl = value === undefined ? undefined : passwordOf(value);
            const secret = isSecretName(name);
            if (!secret && inUrl === undefined) return [];
            const literal = value !== undefined && !isReference(value) && (inUrl ?? value).length > 0;
            const placeholder = literal && isPlaceholder(inUrl ?? value);
            const hint =
              "remove it here; at run time the env file gives it, and what only the build needs comes with RUN --mount=type=secret";
            if (!literal) {
              if (instruction.name === "ENV" && !(value !== undefined && /\$/.test(value) && shipped.has(stage))) return [];
              if (instruction.name === "ENV")
                return [{ place, message: `${name} goes from a build argument into the image's environment, and stays there`, hint }];
              return value === undefined && secret
                ? [{ place, severity: "warning", message: `the build argument ${name} stays readable in the image's history`, hint }]
                : [];
            }
            if (!shipped.has(stage) || purposeOf(file.source.path) === "development") return [];
            if (placeholder || /^(true|false|\d{1,5})$/.test(value))
              return placeholder
                ? [
                    {
                      place,
                      severity: "warning",
                      message: `${name} has a placeholder in the image: when nothing else sets it, the application runs with a secret everybody knows`,
                      hint,
                    },
                  ]
                : [];
            return [
              {
                place,
                message: `${name} has its value written into the image${inUrl === undefined ? "" : ", with a password in the address"}`,
                hint,
              },
            ];
          });
        }),
      );
    }),
};
