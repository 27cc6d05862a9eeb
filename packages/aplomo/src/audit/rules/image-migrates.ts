import { changesSchema, migrationOf } from "../ask/migrations.ts";
import { packageScript, wordsOf } from "../model/words.ts";
import { isTest } from "../model/kinds.ts";
import { parseShell } from "../read/shell.ts";
import type { Found, Rule } from "../rule.ts";

export const imageMigrates: Rule = {
  id: "image-migrates",
  title: "the database is changed while the image is built",
  area: "data",
  severity: "error",
  why: "a build runs where the production database is not, or worse where it is: then the schema changes although nothing was deployed, with no backup and nothing to go back to",
  needs: ["dockerfile"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY . .\nRUN npx prisma generate« && npx prisma db push¦»\nUSER node\nCMD ["node", "server.js"]\n',
    ".dockerignore": ".env\n",
  },
  check: (model) =>
    model.dockerfiles.flatMap((file) =>
      isTest(file.source.path)
        ? []
        : file.instructions.flatMap((instruction): Found[] => {
            if (instruction.name !== "RUN") return [];
            const { start, body } = instruction;
            const script = parseShell(file.source, start, start + body.length, file.source.text.slice(0, start) + body);
            const words = instruction.json
              ? [{ words: instruction.json, place: instruction.place }]
              : script.commands.map((command) => ({ words: wordsOf(command), place: command.place }));
            return words.flatMap((one): Found[] => {
              const scriptName = packageScript(one.words);
              const migration = migrationOf(one.words) ?? (scriptName === undefined ? undefined : scriptMigration(model, scriptName));
              // A database that is a file of the image is part of it.
              if (!changesSchema(migration) || /file:|sqlite/i.test(body) || usesSqlite(model)) return [];
              return [
                {
                  place: one.place,
                  message: `\`${one.words.slice(0, 3).join(" ")}\` runs while the image is built`,
                  hint: "take it out of the image: migrate when a release is deployed (`migrate:` in aplomo.yml), once, after a backup",
                },
              ];
            });
          }),
    ),
};

function scriptMigration(model: Parameters<Rule["check"]>[0], name: string): ReturnType<typeof migrationOf> {
  const text = model.packages.map((one) => one.scripts.get(name)?.text).find((one) => one !== undefined);
  if (text === undefined) return undefined;
  return text
    .split(/&&|\|\||;/)
    .map((part) =>
      migrationOf(
        part
          .trim()
          .split(/\s+/)
          .filter((word, index) => !(index === 0 && word === "npx")),
      ),
    )
    .find(changesSchema);
}

function usesSqlite(model: Parameters<Rule["check"]>[0]): boolean {
  return model.prisma.length > 0 && model.prisma.every((one) => one.provider?.text === "sqlite");
}
