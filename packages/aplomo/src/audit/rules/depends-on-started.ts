import type { Model } from "../model/model.ts";
import type { Service } from "../model/service.ts";
import type { Found, Rule } from "../rule.ts";

export const dependsOnStarted: Rule = {
  id: "depends-on-started",
  title: "the application starts before its database is ready",
  area: "start",
  severity: "warning",
  why: "without a condition compose waits until the database's container runs, not until it answers: after a reboot the application finds nobody there and ends, or comes up broken; one that waits by itself is fine, hence a warning",
  incident: "I19: an application started before its database accepted connections, and stayed broken",
  needs: ["compose"],
  example: {
    "compose.yml":
      "services:\n  web:\n    image: registry.example/web:1\n    depends_on:\n«      - db\n¦      db:\n        condition: service_healthy\n»  db:\n    image: postgres:17\n    volumes: [data:/var/lib/postgresql/data]\n    healthcheck:\n      test: [CMD, pg_isready, -h, 127.0.0.1]\nvolumes:\n  data:\n",
  },
  check: (model) =>
    model.services.flatMap((service) => {
      if (service.kind !== "app" || waits(model, service)) return [];
      return service.dependsOn.flatMap(({ name, condition, place, node }): Found[] => {
        const other = service.project.services.find((one) => one.name === name);
        if (!other || !["postgres", "mysql", "mongo", "redis"].includes(other.kind)) return [];
        if (condition !== undefined && condition !== "service_started") {
          if (condition !== "service_healthy" || other.healthcheck?.test || other.healthcheck?.disabled === false || other.stage) return [];
          return other.image !== undefined && !other.healthcheck
            ? [
                {
                  place,
                  severity: "error",
                  message: `${service.name} waits until ${name} is healthy, and ${name} has no health check: it is never started`,
                  hint: `add a healthcheck to ${name}`,
                },
              ]
            : [];
        }
        const severity = other.kind === "redis" ? "info" : "warning";
        const inList = node.kind === "scalar" && condition === undefined;
        const list = service.keys.get("depends_on")?.value;
        const source = model.sources.get(place.file);
        const indent = source ? (/^\s*/.exec(source.line(place.line))?.[0] ?? "") : "";
        const simple =
          inList &&
          source &&
          list?.kind === "list" &&
          list.items.length === 1 &&
          !list.shared &&
          new RegExp(`^\\s*-\\s+["']?${name}["']?\\s*$`).test(source.line(place.line)) &&
          other.healthcheck?.test !== undefined;
        const dash = source ? source.text.lastIndexOf("-", place.start) : -1;
        return [
          {
            place,
            severity,
            message: `${service.name} starts as soon as the container of ${name} does, not when ${name} answers`,
            hint: `write ${name}: { condition: service_healthy }${other.healthcheck ? "" : `, and give ${name} a healthcheck`}`,
            ...(simple
              ? {
                  fix: {
                    title: `wait until ${name} is healthy`,
                    changesBehaviour: true,
                    edits: [{ place: source.at(dash, place.end), text: `${name}:\n${indent}  condition: service_healthy` }],
                  },
                }
              : {}),
          },
        ];
      });
    }),
};

/** The start itself waits: a wait script, a loop around pg_isready, aplomo-boot. */
function waits(model: Model, service: Service): boolean {
  const start = model.starts.find((one) => one.service === service);
  return (
    start?.commands.some(
      ({ command, words }) =>
        /wait|dockerize|aplomo-boot|until-up/.test(words[0] ?? "") ||
        (command.loops.length > 0 &&
          /pg_isready|nc|mysqladmin|redis-cli|\/dev\/tcp|prisma|psql|curl|python|node/.test(
            command.words.map((word) => word.value).join(" "),
          )),
    ) ?? false
  );
}
