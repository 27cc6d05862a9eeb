import { programsOf, search } from "../ask/code.ts";
import type { Found, Rule } from "../rule.ts";

export const noSignalHandler: Rule = {
  id: "no-signal-handler",
  title: "nobody answers SIGTERM",
  area: "shutdown",
  severity: "info",
  why: "a Node server without a handler ends at once, and every request in progress with it: a few visitors see an error at each deploy; as the main process of a container it is not even told to, and is killed after ten seconds; short, hence info",
  needs: ["code", "start"],
  example: {
    Dockerfile: 'FROM node:22-slim\nCOPY server.js ./\nUSER node\nCMD ["node", "server.js"]\n',
    "package.json": '{ "dependencies": { "express": "5.0.0" } }\n',
    "server.js":
      "const server = express().listen(3000);\n«¦process.on('SIGTERM', () => { server.close(() => process.exit(0)); setTimeout(() => process.exit(1), 8000); });\n»",
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      if (start.development || start.kind === "package") return [];
      const main = start.commands.find(
        ({ words, script, command }) => words[0] === "node" && !script.source.path.endsWith(".sh") && !command.conditional,
      );
      if (!main) return [];
      const files = programsOf(model, start).filter((code) => code.language === "js");
      const listens = search(
        files,
        "listen",
        /\b(?:app|server|httpServer|http|fastify|express\(\)|createServer\([^\n]*\))\s*\.listen\s*\(/,
      );
      const [first] = listens;
      if (!first) return [];
      const handled = search(
        files,
        /SIGTERM|enableShutdownHooks|graceful|terminus|terminator|lightship|close-with-grace|@aplomo\/runtime/i,
        /SIGTERM|enableShutdownHooks|graceful|terminus|terminator|lightship|close-with-grace|@aplomo\/runtime/i,
      );
      if (handled.length > 0 || model.packages.some((one) => one.dependencies.has("next") && !one.dependencies.has("express"))) return [];
      return [
        {
          place: first.place,
          message: `nothing in ${start.folder === "" ? "this tree" : start.folder} handles SIGTERM: requests in progress are cut off at every deploy`,
          hint: "on SIGTERM answer what is in progress, close, and end after 8 s at the latest (graceful() of @aplomo/runtime does it)",
        },
      ];
    }),
};
