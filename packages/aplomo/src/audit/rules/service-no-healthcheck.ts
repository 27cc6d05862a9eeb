import { healthcheckOf } from "../ask/probes.ts";
import type { Found, Rule } from "../rule.ts";

export const serviceNoHealthcheck: Rule = {
  id: "service-no-healthcheck",
  title: "nobody asks whether the service works",
  area: "health",
  severity: "warning",
  why: "a process that hangs counts as running, what depends on the service starts too early, and a deploy cannot tell a good release from a bad one; nothing fails by it alone, hence a warning",
  needs: ["compose"],
  example: {
    "compose.yml":
      "services:\n  web:\n    image: registry.example/web:1\n    ports: [127.0.0.1:3000:3000]\n«¦    healthcheck:\n      test: [CMD, node, healthcheck.js]\n»",
  },
  check: (model) =>
    model.services.flatMap((service): Found[] => {
      const { kind, healthcheck, name, place } = service;
      const start = model.starts.find((one) => one.service === service);
      if (kind === "tool" || kind === "front" || kind === "data" || start?.development) return [];
      if (healthcheck?.disabled)
        return kind === "app"
          ? [
              {
                place: healthcheck.place,
                message: `the health check of ${name} is switched off`,
                hint: "remove `disable`, and correct the check instead",
              },
            ]
          : [];
      if (healthcheck?.test || healthcheckOf(service.stage)) return [];
      const depended = model.services.some(
        (other) => other.project === service.project && other.dependsOn.some((one) => one.name === name),
      );
      const listens = service.ports.length > 0 || service.keys.has("expose");
      if (kind === "app" && !listens) return [];
      // Images of others may bring their own.
      if (kind === "app" && service.context === undefined && !depended)
        return [
          {
            place,
            severity: "info",
            message: `${name} has no health check here; its image may bring one`,
            hint: "add a healthcheck that asks the health route",
          },
        ];
      const test: Record<string, string> = {
        postgres: "[CMD, pg_isready, -h, 127.0.0.1, -U, ..., -d, ...]",
        mysql: "[CMD, healthcheck.sh, --connect, --innodb_initialized] (MariaDB), or mysqladmin ping -h 127.0.0.1",
        mongo: `mongosh --quiet --eval "db.adminCommand('ping').ok"`,
        redis: "[CMD, redis-cli, ping]",
      };
      return [
        {
          place,
          message: `${name} has no health check${depended ? ", and others wait for it" : ""}`,
          hint: `add healthcheck: test: ${test[kind] ?? "a program of the image that asks the health route"}`,
        },
      ];
    }),
};
