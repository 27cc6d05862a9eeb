import { isSecretName } from "../ask/secrets.ts";
import { setOptions } from "../read/shell.ts";
import type { Found, Rule } from "../rule.ts";

export const secretPrinted: Rule = {
  id: "secret-printed",
  title: "the start writes secrets into the log",
  area: "environment",
  severity: "error",
  why: "logs are kept, shipped and read by more people than may know the password, and what stands in them once cannot be taken back",
  needs: ["start"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY server.js entrypoint.sh ./\nUSER node\nENTRYPOINT ["./entrypoint.sh"]\n',
    "entrypoint.sh": '#!/bin/sh\nset -e\necho "database: $«DATABASE_URL¦DATABASE_HOST»"\nexec node server.js\n',
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      if (start.development) return [];
      return start.commands.flatMap(({ command, script }): Found[] => {
        const [program = "", ...rest] = command.words.map((word) => word.value);
        const raw = command.words.map((word) => word.raw).join(" ");
        if (setOptions(command).includes("x") && !command.conditional) {
          const secret = script.commands.find(
            (one) =>
              one.place.start > command.place.start &&
              one.words.some((word) => secretIn(word.raw, word.value.startsWith("'")) !== undefined),
          );
          const off = script.source.text.indexOf("set +x", command.place.end);
          if (!secret || (off !== -1 && off < secret.place.start)) return [];
          return [
            {
              place: command.place,
              severity: "warning",
              message: "`set -x` prints every command with its values, secrets included",
              hint: "remove -x",
              related: [{ place: secret.place, message: "prints a secret" }],
            },
          ];
        }
        if (command.redirects.some((one) => !/&2|\/dev\/(stdout|stderr)/.test(one)) || command.after === "|" || command.substituted)
          return [];
        if (
          (program === "env" || program === "printenv" || (program === "export" && rest[0] === "-p")) &&
          (rest.length === 0 || program === "export")
        )
          return [
            {
              place: command.place,
              message: `\`${program}\` prints the whole environment, every secret in it`,
              hint: "remove it, or print the names alone",
            },
          ];
        if (program !== "echo" && program !== "printf") return [];
        const name = secretIn(raw, false);
        return name === undefined
          ? []
          : [
              {
                place: command.place,
                message: `\`${program}\` prints ${name} into the log`,
                hint: "remove it, or say only whether it is set",
              },
            ];
      });
    }),
};

/** A variable with a secret that a word puts in; `${NAME:+set}` and `${#NAME}` show nothing of it. */
function secretIn(raw: string, literal: boolean): string | undefined {
  if (literal) return undefined;
  // What is in single quotes is text.
  const text = raw.replace(/'[^']*'/g, "");
  for (const [whole, braced, operator = "", plain] of text.matchAll(/(?<!\\)\$(?:\{(\w+)([^}]*)\}|(\w+))/g)) {
    const name = braced ?? plain ?? "";
    if (operator.startsWith(":+") || operator.startsWith("+") || /^[%#:]/.test(operator) || whole.startsWith("${#")) continue;
    if (isSecretName(name) || /^(DATABASE|DB|POSTGRES|MYSQL|MONGO|MONGODB|REDIS|DIRECT)_?(URL|URI)$/.test(name)) return name;
  }
  return undefined;
}
