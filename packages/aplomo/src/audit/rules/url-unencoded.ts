import { isSecretName } from "../ask/secrets.ts";
import type { Found, Rule } from "../rule.ts";

export const urlUnencoded: Rule = {
  id: "url-unencoded",
  title: "a password is put into an address as it is",
  area: "environment",
  severity: "info",
  why: "a password with @, /, # or % breaks the address, or names another host; only passwords of letters and digits work, hence info",
  needs: ["start"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY server.js entrypoint.sh ./\nUSER node\nENTRYPOINT ["./entrypoint.sh"]\n',
    "entrypoint.sh":
      '#!/bin/sh\nset -e\n«export DATABASE_URL="postgres://app:${DB_PASSWORD}@db:5432/app"\n¦: "${DATABASE_URL:?set it, with the password percent-encoded}"\n»exec node server.js\n',
  },
  check: (model) => {
    const scripts = new Set(
      model.starts.filter((start) => !start.development).flatMap((start) => start.commands.map(({ script }) => script)),
    );
    return [...scripts].flatMap((script): Found[] => {
      if (script.shell === undefined) return [];
      return script.commands.flatMap((command) => {
        const words = [
          ...command.assignments.map(({ value, place }) => ({ text: value, place })),
          ...command.words.map((word) => ({ text: word.value, place: word.place })),
        ];
        return words.flatMap(({ text, place }): Found[] => {
          const match = /[a-z]+:\/\/[^\s:/@]*:\$\{?(\w+)[^@\s]*@/.exec(text);
          if (!match || !isSecretName(match[1] ?? "") || /encode|urlenc/i.test(match[1] ?? "")) return [];
          return [
            {
              place,
              message: `${match[1]} goes into an address as it is`,
              hint: "give the whole address as one variable with the password percent-encoded, or encode it here",
            },
          ];
        });
      });
    });
  },
};
