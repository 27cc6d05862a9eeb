import { programsOf, search } from "../ask/code.ts";
import { joinPath, nameOf } from "../model/kinds.ts";
import type { Found, Rule } from "../rule.ts";

export const pm2ReadyUnsent: Rule = {
  id: "pm2-ready-unsent",
  title: "PM2 waits for a word that is never said",
  area: "process manager",
  severity: "error",
  why: "with wait_ready PM2 waits for process.send('ready'); without it every start and reload takes the whole listen_timeout, and an application that is broken counts as online after it",
  needs: ["pm2"],
  example: {
    "ecosystem.config.js":
      "module.exports = { apps: [{ name: 'web', script: 'server.js', wait_ready: true, max_memory_restart: '300M' }] };\n",
    "server.js": "process.on('SIGTERM', stop);\nserver.listen(3000«)¦, () => process.send?.('ready'))»;\n",
  },
  check: (model) =>
    model.starts.flatMap((start): Found[] => {
      const ready = start.pm2?.values.get("wait_ready");
      if (!start.pm2 || ready?.text !== "true" || start.development) return [];
      const script = start.pm2.values.get("script")?.text ?? "";
      const files = programsOf(model, start);
      const isNext =
        /(^|\/)(next|nuxt)(\/dist\/bin\/next)?$|node_modules\/next/.test(script) ||
        (nameOf(script) === "npm" && start.commands.some(({ words }) => words[0] === "next"));
      // What is built from sources of another name can only be judged by all of them.
      const known =
        isNext || model.sources.has(joinPath(start.folder, script) ?? "") || files.some((code) => /\.tsx?$/.test(code.source.path));
      if (!known || search(files, "ready", /\.send\s*(\?\.)?\s*\(\s*["'`]ready["'`]/).length > 0 || /\.py$|interpreter/.test(script))
        return [];
      // The library says it by itself.
      if (search(files, "aplomo", /@aplomo\/runtime/).length > 0) return [];
      return [
        {
          place: ready.place,
          message: `${start.pm2.name} waits for process.send('ready'), and nothing in ${start.folder === "" ? "this tree" : start.folder} sends it`,
          hint: isNext
            ? "remove wait_ready: `next start` never says it"
            : "call process.send?.('ready') when it listens and its database answers, or remove wait_ready",
        },
      ];
    }),
};
