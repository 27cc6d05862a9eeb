import { nameOf } from "../model/kinds.ts";
import type { Found, Rule } from "../rule.ts";

export const pm2Npm: Rule = {
  id: "pm2-npm",
  title: "PM2 watches npm instead of the application",
  area: "process manager",
  severity: "warning",
  why: "PM2 then measures npm's memory, sends signals to npm, cannot run a cluster, and may leave the application behind when it stops; it runs, hence a warning",
  needs: ["pm2"],
  example: {
    "ecosystem.config.js":
      "module.exports = { apps: [{ name: 'web', script: '«npm', args: 'start¦server.js»', max_memory_restart: '300M' }] };\n",
    "server.js": "process.on('SIGTERM', stop);\n",
  },
  check: (model) =>
    model.pm2.flatMap((app): Found[] => {
      const script = app.values.get("script");
      if (!/^(npm|yarn|pnpm|npx|bun)$/.test(nameOf(script?.text ?? "")) || !script) return [];
      const next = model.packages.some((one) => one.dependencies.has("next"));
      return [
        {
          place: script.place,
          message: `${app.name}: PM2 starts ${script.text}, and the application is its grandchild`,
          hint: next ? "write script: 'node_modules/next/dist/bin/next', args: 'start'" : "write the program itself: script: 'server.js'",
        },
      ];
    }),
};
