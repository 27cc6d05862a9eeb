import { migrationOf } from "../ask/migrations.ts";
import { at } from "../read/yaml.ts";
import type { Found, Rule } from "../rule.ts";

export const serviceNoRestart: Rule = {
  id: "service-no-restart",
  title: "the service stays down",
  area: "compose",
  severity: "warning",
  why: "without a restart policy a crash or a reboot of the server leaves the service stopped until somebody notices; nothing is lost, hence a warning",
  needs: ["compose"],
  example: {
    "compose.yml":
      "services:\n  db:\n    image: postgres:17\n    volumes: [data:/var/lib/postgresql/data]\n«¦    restart: unless-stopped\n»volumes:\n  data:\n",
  },
  check: (model) =>
    model.services.flatMap((service): Found[] => {
      const { keys, kind, node, name, place, profiles } = service;
      if (
        keys.has("restart") ||
        at(node, "deploy", "restart_policy") ||
        at(node, "deploy", "mode") ||
        kind === "tool" ||
        profiles.length > 0
      )
        return [];
      const start = model.starts.find((one) => one.service === service);
      if (start?.development) return [];
      const listens = service.ports.length > 0 || keys.has("expose") || ["postgres", "mysql", "mongo", "redis"].includes(kind);
      // What ends by itself, and what others wait for to end.
      const ends =
        model.services.some((other) =>
          other.dependsOn.some((one) => one.name === name && one.condition === "service_completed_successfully"),
        ) || start?.commands.some((one) => migrationOf(one.words));
      if (!listens || (ends && service.ports.length === 0) || service.project.purpose === "development") return [];
      return [
        {
          place,
          message: `${name} has no restart policy`,
          hint: "add restart: unless-stopped",
          ...addKey(model, service, "restart: unless-stopped", "start it again after a crash or reboot"),
        },
      ];
    }),
};

/** A key before the first of a service that is written over several lines. */
function addKey(
  model: Parameters<Rule["check"]>[0],
  service: Parameters<Rule["check"]>[0]["services"][number],
  text: string,
  title: string,
): Pick<Found, "fix"> {
  const source = model.sources.get(service.place.file);
  const first = [...service.keys.values()]
    .filter((entry) => entry.key.file === service.place.file && !entry.value.shared)
    .sort((a, b) => a.key.start - b.key.start)[0];
  if (!source || !first || service.node.shared || first.key.line <= service.place.line) return {};
  const lineStart = first.key.start - first.key.column + 1;
  const indent = source.text.slice(lineStart, first.key.start);
  if (!/^ +$/.test(indent)) return {};
  const newline = source.text[source.text.indexOf("\n", lineStart) - 1] === "\r" ? "\r\n" : "\n";
  return {
    fix: { title, changesBehaviour: true, edits: [{ place: source.at(lineStart, lineStart), text: `${indent}${text}${newline}` }] },
  };
}
