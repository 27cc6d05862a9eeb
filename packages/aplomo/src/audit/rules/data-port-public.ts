import type { Service } from "../model/service.ts";
import type { Found, Rule } from "../rule.ts";

const ports: Partial<Record<Service["kind"], number[]>> = { postgres: [5432], mysql: [3306], mongo: [27017], redis: [6379] };

export const dataPortPublic: Rule = {
  id: "data-port-public",
  title: "the database is published to the world",
  area: "compose",
  severity: "warning",
  why: "Docker opens published ports past ufw and firewalld: the database can be reached from everywhere the server can; in a file for production it is an error",
  needs: ["compose"],
  example: {
    "compose.yml":
      'services:\n  db:\n    image: postgres:17\n    ports:\n      - "«¦127.0.0.1:»5432:5432"\n    volumes: [data:/var/lib/postgresql/data]\nvolumes:\n  data:\n',
  },
  check: (model) =>
    model.services.flatMap((service) => {
      const own = ports[service.kind];
      if (!own) return [];
      return service.ports.flatMap((port): Found[] => {
        if (port.host !== undefined && port.host !== "0.0.0.0" && port.host !== "[::]") return [];
        if (port.target === undefined || !own.includes(port.target) || port.published === undefined) return [];
        const text = port.node.kind === "scalar" ? port.node.text : undefined;
        const source = model.sources.get(port.place.file);
        const quoted = source !== undefined && /^["']/.test(source.text.slice(port.place.start, port.place.start + 1));
        const plain = text !== undefined && !text.includes("$") && /^\d+:\d+/.test(text) && !port.node.shared && source !== undefined;
        return [
          {
            place: port.place,
            severity: service.project.purpose === "production" ? "error" : "warning",
            message: `port ${port.target} of ${service.name} is open on every address of the server`,
            hint: "remove `ports`: other services reach it by its name; for your own machine write 127.0.0.1: before it",
            ...(plain
              ? {
                  fix: {
                    title: "publish the port on this machine only",
                    changesBehaviour: true,
                    edits: [
                      { place: source.at(port.place.start + (quoted ? 1 : 0), port.place.start + (quoted ? 1 : 0)), text: "127.0.0.1:" },
                    ],
                  },
                }
              : {}),
          },
        ];
      });
    }),
};
