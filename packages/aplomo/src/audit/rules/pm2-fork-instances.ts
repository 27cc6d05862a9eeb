import type { Found, Rule } from "../rule.ts";

export const pm2ForkInstances: Rule = {
  id: "pm2-fork-instances",
  title: "a reload in fork mode is a restart",
  area: "process manager",
  severity: "info",
  why: "only a cluster of two or more is replaced one by one; in fork mode each `pm2 reload` costs 200 to 300 ms in which connections are refused; known and short, hence info; several instances in fork mode fight for one port, which is an error",
  needs: ["pm2"],
  example: {
    "ecosystem.config.js":
      "module.exports = { apps: [{ name: 'web', script: 'server.js', instances: 2, exec_mode: '«fork¦cluster»', max_memory_restart: '300M' }] };\n",
    "server.js": "process.on('SIGTERM', stop);\nserver.listen(3000);\n",
  },
  check: (model) =>
    model.pm2.flatMap((app): Found[] => {
      const mode = app.values.get("exec_mode");
      const count = app.values.get("instances");
      const several = count?.text !== undefined && (/^(max|-1|0)$/.test(count.text) || Number(count.text) > 1);
      const isFork = /^fork(_mode)?$/.test(mode?.text ?? "");
      if (!isFork || !mode || !several || app.values.has("increment_var")) return [];
      const listens =
        model.code.some((code) => /\.listen\(|createServer/.test(code.source.text)) ||
        model.packages.some((one) => one.dependencies.has("next") || one.dependencies.has("express"));
      return [
        {
          place: mode.place,
          severity: listens ? "error" : "info",
          message: `${app.name}: ${count?.text} instances in fork mode${listens ? " want the same port: all but one end with EADDRINUSE" : " are restarted all at once"}`,
          hint: "write exec_mode: 'cluster', or instances: 1",
        },
      ];
    }),
};
