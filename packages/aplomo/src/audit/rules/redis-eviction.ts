import type { Found, Rule } from "../rule.ts";

export const redisEviction: Rule = {
  id: "redis-eviction",
  title: "Redis may throw jobs away",
  area: "data",
  severity: "warning",
  why: "with an eviction policy Redis removes keys when memory is short, and jobs of a queue are keys: they vanish without a word; only under pressure, hence a warning",
  needs: ["compose", "package"],
  example: {
    "package.json": '{ "dependencies": { "bullmq": "5.0.0" } }\n',
    "compose.yml":
      "services:\n  redis:\n    image: redis:7\n    command: redis-server --maxmemory 256mb --maxmemory-policy «allkeys-lru¦noeviction»\n    volumes: [queue:/data]\nvolumes:\n  queue:\n",
  },
  check: (model) => {
    const queue = ["bullmq", "bull", "@nestjs/bullmq", "@nestjs/bull", "bee-queue"].find((name) =>
      model.packages.some((one) => one.dependencies.has(name)),
    );
    if (queue === undefined) return [];
    const stores = model.services.filter((service) => service.kind === "redis");
    return stores.flatMap((service): Found[] => {
      const policy = /--maxmemory-policy\s+(\S+)/.exec(service.command?.text ?? "")?.[1];
      if (
        policy === undefined ||
        policy === "noeviction" ||
        !service.command ||
        stores.filter((one) => one.project === service.project).length > 1
      )
        return [];
      return [
        {
          place: service.command.place,
          message: `${service.name} removes keys (${policy}) when memory is short, and ${queue} keeps its jobs there`,
          hint: "write --maxmemory-policy noeviction, and keep caches in another Redis",
        },
      ];
    });
  },
};
