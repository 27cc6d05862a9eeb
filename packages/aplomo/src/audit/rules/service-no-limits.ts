import { at } from "../read/yaml.ts";
import type { Found, Rule } from "../rule.ts";

export const serviceNoLimits: Rule = {
  id: "service-no-limits",
  title: "the service may take all memory of the server",
  area: "compose",
  severity: "info",
  why: "a leak in one service makes the kernel end another, often the database; a server with one service has nothing else to lose, hence info",
  needs: ["compose"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY server.js ./\nUSER node\nCMD ["node", "server.js"]\n',
    "compose.yml": "services:\n  web:\n    build: .\n    ports: [127.0.0.1:3000:3000]\n«¦    mem_limit: 512m\n»",
  },
  check: (model) =>
    model.services.flatMap((service): Found[] => {
      const { keys, node, kind, name, place } = service;
      if (kind !== "app" || service.context === undefined || keys.has("mem_limit") || at(node, "deploy", "resources", "limits", "memory"))
        return [];
      if (service.ports.length === 0 && !keys.has("expose")) return [];
      return [
        { place, message: `${name} has no memory limit`, hint: "add mem_limit: 512m, or what it needs at its busiest and a half more" },
      ];
    }),
};
