import { isLocal, probes, probeUrl, type Probe } from "../ask/probes.ts";
import { expand } from "../../config/interpolate.ts";
import { assignments, inherited } from "../read/dockerfile.ts";
import type { Found, Rule } from "../rule.ts";

export const healthcheckPort: Rule = {
  id: "healthcheck-port",
  title: "the health check asks another port than the application listens on",
  area: "health",
  severity: "error",
  why: "the check fails although the application is well: dependent services never start, and whatever acts on health replaces good containers",
  needs: ["start"],
  example: {
    Dockerfile:
      'FROM node:22\nENV PORT=«8080¦3000»\nCOPY server.js ./\nUSER node\nHEALTHCHECK CMD curl -f http://localhost:3000/healthz\nCMD ["node", "server.js"]\n',
  },
  check: (model) =>
    probes(model).flatMap((probe): Found[] => {
      const url = probeUrl(probe);
      if (!url || !isLocal(url.host) || url.port === undefined) return [];
      const given = portOf(probe);
      if (!given || given.port === url.port) return [];
      // A second port, published or exposed, is one it may be asked at.
      const known = [...(probe.service?.ports ?? []).map((port) => port.target), ...exposed(probe)];
      if (known.includes(url.port)) return [];
      return [
        {
          place: probe.place,
          message: `the check asks port ${url.port}, and PORT is ${given.port}`,
          hint: "ask the port the application is given; in shell form ${PORT} does so by itself",
          related: [{ place: given.place, message: "PORT" }],
        },
      ];
    }),
};

function portOf(probe: Probe): { port: number; place: Found["place"] } | undefined {
  const setting = probe.service?.environment.get("PORT");
  if (setting) {
    const port = Number(expand(setting.text ?? "", probe.service?.project.env ?? new Map()));
    return port > 0 ? { port, place: setting.place } : undefined;
  }
  if (probe.service?.envFiles.length) return undefined;
  const { stage } = probe;
  if (!stage) return undefined;
  const found = inherited(stage)
    .filter((one) => one.name === "ENV")
    .flatMap((one) => assignments(one).map((each) => ({ ...each, place: one.place })))
    .findLast((one) => one.name === "PORT");
  const port = Number(found?.value);
  return found && port > 0 ? { port, place: found.place } : undefined;
}

function exposed(probe: Probe): number[] {
  return inherited(probe.stage)
    .filter((one) => one.name === "EXPOSE")
    .flatMap((one) => one.body.split(/\s+/).map((word) => Number(word.replace(/\/\w+$/, ""))));
}
