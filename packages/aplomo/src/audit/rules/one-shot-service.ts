import { migrationOf } from "../ask/migrations.ts";
import { at, textOf } from "../read/yaml.ts";
import type { Found, Rule } from "../rule.ts";

export const oneShotService: Rule = {
  id: "one-shot-service",
  title: "work that ends is run as a service",
  area: "start",
  severity: "error",
  why: "a migration or seed comes to its end and exits with 0; a restart policy then runs it again, for ever, on the production database",
  incident: "I21: a one-shot command was a service's main command, and ran every few seconds for a night",
  needs: ["compose"],
  example: {
    "compose.yml":
      'services:\n  migrate:\n    image: registry.example/web:1\n    command: npx prisma migrate deploy\n    restart: «always¦"no"»\n',
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      const { service } = start;
      if (!service || start.commands.length === 0 || start.development) return [];
      const restart = textOf(at(service.node, "restart"));
      const condition = textOf(at(service.node, "deploy", "restart_policy", "condition"));
      const forever =
        restart === "always" ||
        restart === "unless-stopped" ||
        (condition === undefined
          ? service.node.kind === "map" && service.keys.has("deploy") && at(service.node, "deploy", "restart_policy") !== undefined
          : condition === "any");
      const working = start.commands.filter(
        ({ command, words }) =>
          !command.substituted &&
          !["", "set", "echo", "cd", "export", "printf", "sleep", "true", "[", "test"].includes(words[0] ?? "") &&
          !command.tested,
      );
      const last = working.at(-1);
      if (!last) return [];
      const migration = migrationOf(last.words);
      if (!migration || migration.act === "status" || working.some((one) => one.command.loops.length > 0 || one.command.after === "&"))
        return [];
      // `exec "$@"` goes on with something else.
      if (start.commands.some(({ command }) => command.words.some((word) => word.value === "$@" || word.value === "$*"))) return [];
      const listens = service.ports.length > 0;
      if (!forever && !listens) return [];
      const { place } = forever
        ? { place: service.keys.get(restart === undefined ? "deploy" : "restart")?.value.place ?? service.place }
        : { place: last.command.place };
      return [
        {
          place,
          message: `${service.name} runs \`${last.words.slice(0, 3).join(" ")}\`, which ends${forever ? `, and restart: ${restart ?? condition ?? "any"} starts it again for ever` : ", and publishes a port where nobody answers"}`,
          hint: forever
            ? 'write restart: "no", and let others wait for it with condition: service_completed_successfully'
            : "start the application here, and migrate in a service of its own or with `migrate:` in aplomo.yml",
          related: [{ place: last.command.place, message: "the command that ends" }],
        },
      ];
    }),
};
