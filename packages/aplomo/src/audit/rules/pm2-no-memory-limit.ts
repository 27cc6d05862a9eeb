import type { Found, Rule } from "../rule.ts";

export const pm2NoMemoryLimit: Rule = {
  id: "pm2-no-memory-limit",
  title: "a leak takes all memory of the server",
  area: "process manager",
  severity: "info",
  why: "without max_memory_restart a process grows until the kernel ends one, often the database; only when something leaks, hence info",
  needs: ["pm2"],
  example: {
    "ecosystem.config.js": "module.exports = { apps: [{ name: 'web', script: 'server.js'«¦, max_memory_restart: '300M'» }] };\n",
    "server.js": "process.on('SIGTERM', stop);\n",
  },
  check: (model) =>
    model.pm2.flatMap((app): Found[] => {
      if (
        app.values.has("max_memory_restart") ||
        app.open ||
        model.starts.some((start) => start.kind !== "pm2" && start.commands.some(({ words }) => words[0] === "pm2-runtime"))
      )
        return [];
      return [
        {
          place: app.values.get("name")?.place ?? app.values.get("script")?.place ?? app.place,
          message: `${app.name} has no max_memory_restart`,
          hint: "add max_memory_restart: '300M', or what it needs at its busiest and a half more",
        },
      ];
    }),
};
