import { programs, search } from "../ask/code.ts";
import type { Found, Rule } from "../rule.ts";
import { closingBracket, type Code } from "../read/code.ts";

/** Where a health route stands: a file of Next.js by its path, or a route in code. */
function routes(model: Parameters<Rule["check"]>[0]): { code: Code; body: string; place: Found["place"] }[] {
  const files = programs(model);
  const byPath = files
    .filter((code) =>
      /(^|\/)(api\/)?(health|healthz|healthcheck|readyz?|status)\/route\.[jt]sx?$|(^|\/)pages\/api\/(health|healthz|healthcheck)(\/index)?\.[jt]sx?$/.test(
        code.source.path,
      ),
    )
    .map((code) => ({ code, body: code.plain, place: code.source.at(Math.max(0, code.plain.search(/\S/))) }));
  const inCode = search(
    files,
    /health|ready/,
    /\.(?:get|all|route)\s*\(\s*["'`](?:\/api)?\/(?:health|healthz|health-?check|readyz?|readiness)["'`]\s*,/g,
  ).map(({ code, match, place }) => {
    const open = match.index + match[0].indexOf("(");
    return { code, body: code.plain.slice(match.index + match[0].length, closingBracket(code.bare, open)), place };
  });
  return [...byPath, ...inCode];
}

export const healthNoDependency: Rule = {
  id: "health-no-dependency",
  title: "the health route is well while the database is gone",
  area: "health",
  severity: "info",
  why: "an answer that is always 200 says that the process runs, which its supervisor knows; a deploy with a wrong password counts as healthy; as a mere sign of life it may be meant so, hence info",
  needs: ["code", "package"],
  example: {
    "package.json": '{ "dependencies": { "pg": "8.0.0", "express": "5.0.0" } }\n',
    "server.js":
      "process.on('SIGTERM', stop);\napp.get('/healthz', async (request, response) => {\n  «response.json({ ok: true });¦await pool.query({ text: 'SELECT 1', query_timeout: 1000 });\n  response.json({ ok: true });»\n});\n",
  },
  check: (model) => {
    const database = [
      "pg",
      "mysql2",
      "mongoose",
      "@prisma/client",
      "typeorm",
      "sequelize",
      "knex",
      "mongodb",
      "drizzle-orm",
      "better-sqlite3",
      "ioredis",
    ].find((name) => model.packages.some((one) => one.dependencies.has(name)));
    if (database === undefined) return [];
    const all = routes(model);
    // A second route may look at what this one does not.
    if (all.some(({ body }) => asks(body))) return [];
    return all.slice(0, 1).flatMap(({ body, place }): Found[] => {
      // A handler by name does it elsewhere.
      if (!/=>|function/.test(body) || /\w+\.(check|handler|status|health)\w*\(|(check|is)[A-Z]\w*\(/.test(body)) return [];
      return [
        {
          place,
          message: `this route answers without asking the database (${database})`,
          hint: "ask it a question with a limit of a second (SELECT 1), and answer 503 with the reason when it fails; health() of @aplomo/runtime does it",
        },
      ];
    });
  },
};

function asks(body: string): boolean {
  return /query|\$queryRaw|SELECT|\.ping\(|connection|readyState|authenticate|execute|prisma|\bdb\b|pool|redis|mongoose|sequelize|knex|dataSource|check\w*\(/i.test(
    body,
  );
}
