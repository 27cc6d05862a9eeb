import { isLocal, probes, probeUrl } from "../ask/probes.ts";
import type { Found, Rule } from "../rule.ts";

export const healthcheckRoot: Rule = {
  id: "healthcheck-root",
  title: "the health check asks for the front page",
  area: "health",
  severity: "info",
  why: "a front page answers while the database is gone, and costs a whole page each time; it still notices a process that hangs, hence info",
  needs: ["start"],
  example: {
    "compose.yml":
      "services:\n  web:\n    image: registry.example/web:1\n    healthcheck:\n      test: curl -f http://localhost:3000/«¦healthz»\n",
  },
  check: (model) =>
    probes(model).flatMap((probe): Found[] => {
      const url = probeUrl(probe);
      if (!url || !isLocal(url.host) || url.path !== "/" || !probe.start) return [];
      return [
        {
          place: probe.place,
          message: "the check asks for /",
          hint: "ask a route that looks at what the application depends on: /healthz",
        },
      ];
    }),
};
