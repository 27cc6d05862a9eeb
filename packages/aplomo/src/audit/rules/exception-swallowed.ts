import { programs, search } from "../ask/code.ts";
import { closingBracket } from "../read/code.ts";
import type { Found, Rule } from "../rule.ts";

export const exceptionSwallowed: Rule = {
  id: "exception-swallowed",
  title: "after an uncaught exception the process goes on",
  area: "shutdown",
  severity: "warning",
  why: "what threw may have left connections, locks and data half changed; the process answers wrongly from then on and no supervisor replaces it; it may also go well, hence a warning",
  needs: ["code"],
  example: {
    "server.js":
      "process.on('SIGTERM', stop);\nprocess.on('uncaughtException', (error) => {\n  logger.error(error.stack);\n«¦  process.exit(1);\n»});\n",
  },
  check: (model) =>
    search(programs(model), "uncaughtException", /process\.(?:on|once|addListener)\s*\(\s*["'`]uncaughtException["'`]\s*,/g).flatMap(
      ({ code, match, place }): Found[] => {
        const open = match.index + match[0].indexOf("(");
        const inside = code.bare.slice(match.index + match[0].length, closingBracket(code.bare, open)).trim();
        // A handler by name, or one that calls something to end with, may do it there.
        if (
          !/=>|\bfunction\b/.test(inside) ||
          /exit|shutdown|stop|close|abort|kill|fatal|terminate|graceful|die|quit|throw|reject|cleanup|handle\w*\(|dispose|teardown/i.test(
            inside,
          )
        )
          return [];
        return [
          {
            place,
            message: "this handler writes the error down and lets the process go on",
            hint: "end in-progress requests with a short limit and process.exit(1): the supervisor starts a clean one (graceful() of @aplomo/runtime does both)",
          },
        ];
      },
    ),
};
