import { isKnownSecret, isReference, isSecretName, isSigningKey, passwordOf } from "../ask/secrets.ts";
import type { Found, Rule } from "../rule.ts";

export const literalSecret: Rule = {
  id: "literal-secret",
  title: "a secret stands in the compose file",
  area: "environment",
  severity: "warning",
  why: "everybody with the code has it, it is the same everywhere, and changing it takes a commit; an application that signs sessions with a secret the world can read is open, and then it is an error",
  needs: ["compose"],
  example: {
    "compose.yml":
      "services:\n  web:\n    image: registry.example/web:1\n    environment:\n      SESSION_SECRET: «supersecret¦${SESSION_SECRET:?set it in .env}»\n",
  },
  check: (model) =>
    model.services.flatMap((service) =>
      [...service.environment].flatMap(([name, { text, place }]): Found[] => {
        if (text === undefined) return [];
        const inUrl = passwordOf(text);
        const value = inUrl ?? text;
        if (
          inUrl === undefined &&
          (!isSecretName(name) || isReference(text) || /^(true|false|\d{1,5}|none|null)$/i.test(text) || /^\/(run|etc|var)\//.test(text))
        )
          return [];
        const signs =
          inUrl === undefined && isSigningKey(name) && service.kind === "app" && service.dockerfile !== undefined && isKnownSecret(value);
        return [
          {
            place,
            severity: signs ? "error" : "warning",
            message:
              inUrl === undefined
                ? `${name} has its value written here${isKnownSecret(value) ? ", one that everybody can guess" : ""}`
                : `${name} has a password written in the address`,
            hint:
              inUrl === undefined
                ? `write \${${name}:?set it in .env}, and put the value into the env file`
                : "take the password from the env file: ${...:?set it in .env}",
          },
        ];
      }),
    ),
};
