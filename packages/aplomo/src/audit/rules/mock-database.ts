import { programs, search } from "../ask/code.ts";
import type { Found, Rule } from "../rule.ts";

export const mockDatabase: Rule = {
  id: "mock-database",
  title: "without its database the application uses a made-up one",
  area: "data",
  severity: "error",
  why: "when the address is missing or wrong the application seems to work: people enter data into memory, and the next restart takes it away",
  incident: "I3: an application ran silently on a mock database in production",
  needs: ["code"],
  example: {
    "database.js":
      "process.on('SIGTERM', stop);\nexport const database = process.env.DATABASE_URL ? connect(process.env.DATABASE_URL) : «new MockDatabase()¦fail('set DATABASE_URL')»;\n",
  },
  check: (model) =>
    search(
      programs(model),
      /mock|memory|fake|:memory:/i,
      /(?:DATABASE|DB|MONGO\w*|POSTGRES|MYSQL)_?(?:URL|URI|HOST)\b[^\n;]{0,80}(?:\|\||\?\?|:)\s*(?:new\s+|create|await\s+|get|use)?\s*["'`]?((?:\w*(?:Mock|mock|Fake|fake|InMemory|inMemory)\w*(?:Database|Db|DB|Client|Pool|Store|Storage|Connection|Adapter)\w*)|sqlite::memory:|:memory:|file::memory:)/g,
    ).flatMap(({ code, match, place }): Found[] => {
      const around = code.plain.slice(Math.max(0, match.index - 300), match.index + 300);
      if (/NODE_ENV\s*[!=]==?\s*["'](production|test)|import\.meta\.env\.(PROD|DEV)/.test(around)) return [];
      return [
        {
          place,
          message: `without the variable ${match[1]} takes the database's place, in production too`,
          hint: "refuse to start without the variable; let only tests choose the other one",
        },
      ];
    }),
};
