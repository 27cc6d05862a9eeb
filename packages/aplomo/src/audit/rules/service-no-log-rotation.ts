import { at } from "../read/yaml.ts";
import type { Found, Rule } from "../rule.ts";

export const serviceNoLogRotation: Rule = {
  id: "service-no-log-rotation",
  title: "logs grow until the disk is full",
  area: "compose",
  severity: "info",
  why: "Docker keeps everything a container ever wrote; after months the disk is full, and the database stops first; the daemon's own settings may limit it, hence info",
  needs: ["compose"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY server.js ./\nUSER node\nCMD ["node", "server.js"]\n',
    "compose.yml":
      "services:\n  web:\n    build: .\n    ports: [127.0.0.1:3000:3000]\n«¦    logging:\n      driver: json-file\n      options: { max-size: 10m, max-file: '3' }\n»",
  },
  check: (model) =>
    model.services.flatMap((service): Found[] => {
      const { node, name, place } = service;
      if (service.kind !== "app" || service.context === undefined || (service.ports.length === 0 && !service.keys.has("expose"))) return [];
      const logging = at(node, "logging");
      const driver = at(logging, "driver");
      const json = !driver || (driver.kind === "scalar" && driver.text === "json-file");
      if (!json || at(logging, "options", "max-size")) return [];
      return [
        {
          place: logging?.place ?? place,
          message: `the logs of ${name} have no limit`,
          hint: "add logging: { driver: json-file, options: { max-size: 10m, max-file: '3' } }, or set it once in /etc/docker/daemon.json",
        },
      ];
    }),
};
