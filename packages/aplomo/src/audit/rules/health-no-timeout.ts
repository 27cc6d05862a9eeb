import { programs, search } from "../ask/code.ts";
import { closingBracket } from "../read/code.ts";
import type { Found, Rule } from "../rule.ts";

export const healthNoTimeout: Rule = {
  id: "health-no-timeout",
  title: "the health route hangs with its database",
  area: "health",
  severity: "info",
  why: "a database that does not answer keeps the route waiting, each probe takes another connection of the pool, and the probe learns nothing but its own time-out; a probe's time-out still says unhealthy, hence info; checks one after the other that together outlast the probe are a warning",
  needs: ["code"],
  example: {
    "server.js":
      "process.on('SIGTERM', stop);\napp.get('/healthz', async (request, response) => {\n  await «pool.query('SELECT 1')¦Promise.race([pool.query('SELECT 1'), timeout(1000)])»;\n  response.json({ ok: true });\n});\n",
  },
  check: (model) =>
    search(
      programs(model),
      /health|GET/,
      /\.get\s*\(\s*["'`](?:\/api)?\/(?:health|healthz|health-?check|readyz?)["'`]\s*,|export\s+(?:async\s+)?function\s+GET\s*\(/g,
    ).flatMap(({ code, match, place }): Found[] => {
      const isRoute = /function\s+GET/.test(match[0]);
      if (isRoute && !/(^|\/)(health|healthz|healthcheck|readyz?)\/route\.[jt]s$/.test(code.source.path)) return [];
      const open = match.index + match[0].indexOf("(");
      const end = isRoute ? code.bare.length : closingBracket(code.bare, open);
      const body = code.plain.slice(match.index, end);
      const awaited = body.match(/\bawait\s+[\w.$]*(\$queryRaw|query|ping|authenticate|execute|\bfetch\b|axios)/g) ?? [];
      if (awaited.length === 0 || /timeout|race|AbortSignal|signal:|deadline|withLimit|within\(/i.test(body)) return [];
      const serial = awaited.length >= 3 && !/Promise\.(all|allSettled)/.test(body);
      return [
        {
          place,
          severity: serial ? "warning" : "info",
          message: serial ? `${awaited.length} checks, one after the other and none with a limit` : "the check has no limit of its own",
          hint: "run checks side by side, each with a limit of a second: Promise.race, AbortSignal.timeout, or health() of @aplomo/runtime",
        },
      ];
    }),
};
