import { isSecretName } from "../ask/secrets.ts";
import { variablesIn } from "../../config/interpolate.ts";
import type { Found, Rule } from "../rule.ts";

export const composeEnvMissing: Rule = {
  id: "compose-env-missing",
  title: "compose does not read the env file where it is",
  area: "environment",
  severity: "warning",
  why: "compose reads the .env beside its first file and no other: variables of one that lies elsewhere are empty, and the application starts with empty secrets",
  incident: "I18: .env was not where compose looks, and secrets were empty",
  needs: ["compose"],
  example: {
    "infra/compose.yml":
      "services:\n  web:\n    image: registry.example/web:1\n    environment:\n      SESSION_SECRET: ${SESSION_SECRET}\n",
    "bad:.env": "SESSION_SECRET=9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c\n",
    "good:infra/.env": "SESSION_SECRET=9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c\n",
  },
  check: (model) =>
    model.projects.flatMap((project): Found[] => {
      if (project.hasEnvFile) return [];
      const others = model.envFiles.filter((file) => !file.example && !/test|ci/.test(file.source.path));
      const named = new Set<string>();
      return project.services.flatMap((service) =>
        [...service.environment].flatMap(([, { text, place }]): Found[] => {
          const variable = variablesIn(text ?? "").find((one) => one.operator === undefined && isSecretName(one.name));
          const elsewhere = variable && others.find((file) => file.variables.has(variable.name));
          if (!variable || !elsewhere || named.has(variable.name)) return [];
          named.add(variable.name);
          // aplomo.yml says which env file it is.
          if (model.aplomo) return [];
          return [
            {
              place,
              message: `${variable.name} is in ${elsewhere.source.path}, which compose does not read: beside ${project.files[0]} there is no .env`,
              hint: `start it with --env-file ${elsewhere.source.path}, move the file, or write \${${variable.name}:?set it in .env} so that compose refuses instead`,
            },
          ];
        }),
      );
    }),
};
