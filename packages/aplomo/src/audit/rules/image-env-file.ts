import { isTest, joinPath, purposeOf } from "../model/kinds.ts";
import type { Model } from "../model/model.ts";
import type { Dockerfile } from "../read/dockerfile.ts";
import type { Found, Rule } from "../rule.ts";

export const imageEnvFile: Rule = {
  id: "image-env-file",
  title: "the env file ends up in the image",
  area: "image",
  severity: "error",
  why: "everybody who can pull the image reads the secrets in it, and the application starts with values of the machine that built it",
  needs: ["dockerfile"],
  example: { Dockerfile: 'FROM node:22-slim\nCOPY server.js «.env ¦»./\nUSER node\nCMD ["node", "server.js"]\n' },
  check: (model) =>
    model.dockerfiles.flatMap((file) => {
      if (isTest(file.source.path) || purposeOf(file.source.path) === "development") return [];
      return file.stages.flatMap((stage) =>
        stage.instructions.flatMap((instruction): Found[] => {
          if (!/^(COPY|ADD)$/.test(instruction.name) || instruction.flags.has("from")) return [];
          const words = instruction.json ?? instruction.body.trim().split(/\s+/);
          const sources = words.slice(0, -1).map((word) => word.replace(/^\.\//, ""));
          const isLast = stage === file.stages.at(-1);
          const named = sources.find((word) => /(^|\/)\.env(\.[\w.-]+)?$/.test(word));
          const { place } = instruction;
          if (named !== undefined) {
            const example = /example|sample|template|dist/.test(named);
            if (!example && /\.env\.(test|docker|build)$/.test(named)) return [];
            const severity = example || !isLast ? "warning" : "error";
            return [
              {
                place,
                severity,
                message: example
                  ? `${named} becomes the environment: what it leaves out or gives as a pattern runs unnoticed`
                  : `${named} is copied into the image${isLast ? "" : "'s build stage"}`,
                hint: "leave it out: give the container its environment when it starts (env_file or environment in compose)",
              },
            ];
          }
          if (!sources.some((word) => word === "." || word === "./" || word === "/" || word === "*" || word === "")) return [];
          return everything(model, file, isLast, place);
        }),
      );
    }),
};

/** `COPY . .`: what .dockerignore does not leave out comes along. */
function everything(model: Model, file: Dockerfile, isLast: boolean, place: Found["place"]): Found[] {
  const contexts = new Set(model.services.filter((service) => service.dockerfile === file).flatMap((service) => service.context ?? []));
  const folder = file.source.path.includes("/") ? file.source.path.slice(0, file.source.path.lastIndexOf("/")) : "";
  const context =
    [...contexts][0] ??
    (model.packages.some((one) => one.folder === folder) || model.sources.has(joinPath(folder, ".dockerignore") ?? "") ? folder : "");
  const ignore =
    model.sources.get(`${file.source.path}.dockerignore`) ??
    model.sources.get(context === "" ? ".dockerignore" : `${context}/.dockerignore`);
  if (ignore && /^\s*(\*\*\/)?\/?(\.env(\*|\.\*|\.local)?|\*\.env|\.env\*|\.\*|\*\*?|\.e.*)\s*$/m.test(ignore.text)) return [];
  const inContext = model.envFiles.find((one) => !one.example && one.source.path === (context === "" ? ".env" : `${context}/.env`));
  const hint = `write .env* into ${context === "" ? "" : `${context}/`}.dockerignore, beside node_modules and .git`;
  if (inContext && isLast)
    return [
      {
        place,
        message: `everything is copied, and ${inContext.source.path} with it`,
        hint,
        related: [{ place: inContext.source.at(0), message: "the env file" }],
      },
    ];
  return [
    {
      place,
      severity: isLast ? "warning" : "info",
      message: ignore
        ? `everything is copied, and ${ignore.path} does not leave .env out`
        : "everything is copied, and there is no .dockerignore: .env, .git and node_modules of the machine that builds come along",
      hint,
    },
  ];
}
