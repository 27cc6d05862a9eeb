import { programs, search } from "../ask/code.ts";
import { closingBracket } from "../read/code.ts";
import type { Found, Rule } from "../rule.ts";

export const closeNoDeadline: Rule = {
  id: "close-no-deadline",
  title: "the shutdown waits without a limit",
  area: "shutdown",
  severity: "warning",
  why: "server.close() waits for every open connection; one that stays open (keep-alive, a WebSocket) keeps the process until it is killed, and what should run after it never does; the kill comes anyhow, hence a warning",
  needs: ["code"],
  example: {
    "server.js":
      "process.on('SIGTERM', () => {\n  server.close(() => process.exit(0));\n«¦  setTimeout(() => process.exit(1), 8000).unref();\n»});\n",
  },
  check: (model) =>
    search(programs(model), "SIGTERM", /process\.(?:on|once)\s*\(\s*["'`]SIGTERM["'`]\s*,/g).flatMap(({ code, match, place }): Found[] => {
      const open = match.index + match[0].indexOf("(");
      const inside = code.bare.slice(match.index + match[0].length, closingBracket(code.bare, open));
      const name = /^\s*(?:\(\)\s*=>\s*(?:void\s+)?)?(\w+)\s*(?:\(|,|$)/.exec(inside)?.[1];
      const body = /\.close\s*\(/.test(inside) ? inside : name === undefined ? "" : bodyOf(code.bare, name);
      if (!/\b(?:server|httpServer|http|srv)\s*\.close\s*\(/.test(body)) return [];
      if (
        /setTimeout|timeout|deadline|race|closeAllConnections|closeIdleConnections|destroy|AbortSignal/i.test(body) ||
        /closeAllConnections|forceExit|Promise\.race/.test(code.bare)
      )
        return [];
      return [
        {
          place,
          message: "server.close() has no limit: one open connection keeps the process until it is killed",
          hint: "add setTimeout(() => process.exit(1), 8000).unref(), with less than stop_grace_period and kill_timeout",
        },
      ];
    }),
};

function bodyOf(bare: string, name: string): string {
  const match = new RegExp(
    `(?:function\\s+${name}\\s*\\([^)]*\\)[^{]*|(?:const|let|var)\\s+${name}\\s*=\\s*(?:async\\s*)?(?:\\([^)]*\\)|\\w+)[^{]*=>\\s*|${name}\\s*=\\s*(?:async\\s+)?function\\s*\\([^)]*\\)\\s*)\\{`,
  ).exec(bare);
  if (!match) return "";
  const open = match.index + match[0].length - 1;
  return bare.slice(open, closingBracket(bare, open));
}
