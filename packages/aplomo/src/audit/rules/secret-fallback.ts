import { isReference, isSecretName, isSigningKey, passwordOf } from "../ask/secrets.ts";
import { expand, variablesIn } from "../../config/interpolate.ts";
import type { Found, Rule } from "../rule.ts";

export const secretFallback: Rule = {
  id: "secret-fallback",
  title: "a secret has a default",
  area: "environment",
  severity: "error",
  why: "when the variable is missing nobody hears of it: the application runs with a secret that everybody can read in the repository, and whoever knows it signs in as anybody",
  incident: "I11: a missing variable was replaced by an insecure default in production, and nobody noticed",
  needs: ["compose"],
  example: {
    "compose.yml":
      "services:\n  web:\n    image: registry.example/web:1\n    environment:\n      JWT_SECRET: ${JWT_SECRET«:-dev-secret¦:?set it in .env}»«}¦»\n",
  },
  check: (model) =>
    model.services.flatMap((service) =>
      [...service.environment].flatMap(([name, { text, place }]): Found[] => {
        if (text === undefined) return [];
        return variablesIn(text).flatMap((variable): Found[] => {
          if (!variable.operator?.endsWith("-")) return [];
          // `${A:-${B:-x}}`: the innermost default decides.
          const fallback = expand(variable.argument, new Map());
          const inUrl = passwordOf(expand(variable.argument, new Map()));
          const whole = text.trim() === text.slice(variable.start, variable.end);
          const secret = isSecretName(variable.name) || (whole && isSecretName(name));
          if (
            fallback === "" ||
            (!secret && inUrl === undefined) ||
            (isReference(variable.argument) && fallback === "") ||
            /^(true|false|\d{1,5}|none|null)$/i.test(fallback)
          )
            return [];
          // Who only reaches the database from its own network needs more than the password.
          const signs = secret && isSigningKey(isSecretName(variable.name) ? variable.name : name) && service.kind === "app";
          return [
            {
              place,
              severity: signs ? "error" : "warning",
              message: `when ${variable.name} is not set, ${name} is a value that stands in this file`,
              hint: `write \${${variable.name}:?set it in .env}: then compose refuses to start without it`,
            },
          ];
        });
      }),
    ),
};
