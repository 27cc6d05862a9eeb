import { migrationOf } from "../ask/migrations.ts";
import type { Found, Rule } from "../rule.ts";

export const migrationDev: Rule = {
  id: "migration-dev",
  title: "a command for developers changes the production database",
  area: "data",
  severity: "error",
  why: "`migrate dev` and `migrate reset` may drop every table, `db push --accept-data-loss` drops columns with their data, and each start does it again",
  needs: ["start"],
  example: {
    Dockerfile: "FROM node:22-slim\nCOPY . .\nUSER node\nCMD npx prisma «migrate dev¦migrate deploy» && exec node server.js\n",
    ".dockerignore": ".env\n",
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      if (start.development) return [];
      return start.commands.flatMap(({ command, words }): Found[] => {
        const migration = migrationOf(words);
        if (!migration || !["dev", "reset", "push", "force"].includes(migration.act)) return [];
        // Only where somebody asks for it.
        if (command.conditional && migration.act !== "force" && command.inFunction === undefined) return [];
        const shown = `\`${words
          .filter((word) => !word.startsWith("--") || /accept|force/.test(word))
          .slice(0, 4)
          .join(" ")}\``;
        const what = {
          dev: "may reset the database",
          reset: "deletes all data",
          force: "drops columns and tables with their data",
          push: "changes the schema without a migration: nothing says what it did, and nothing goes back",
        }[migration.act as "dev"];
        const sqlite = model.prisma.length > 0 && model.prisma.every((one) => one.provider?.text === "sqlite");
        return [
          {
            place: command.place,
            severity: migration.act === "push" || (sqlite && migration.act !== "reset") ? "warning" : "error",
            message: `${shown} runs at every start of ${start.name}, and ${what}`,
            hint: "write migrations with the tool's development command on your machine, commit them, and run only its deploy command here: prisma migrate deploy, drizzle-kit migrate",
          },
        ];
      });
    }),
};
