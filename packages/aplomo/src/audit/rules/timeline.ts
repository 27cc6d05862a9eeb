import { seconds, timelines, timelineText } from "../timeline.ts";
import type { Found, Rule } from "../rule.ts";

export const timeline: Rule = {
  id: "timeline",
  title: "the application is killed before it has finished",
  area: "shutdown",
  severity: "error",
  why: "who is told to end and takes longer than whoever told him waits, is killed: requests in progress are lost at every deploy, and the clean-up that was written never runs",
  incident: "I14: an application gave itself 10 s to finish, and PM2 killed it after 5",
  needs: ["start"],
  example: {
    "ecosystem.config.js":
      "module.exports = { apps: [{ name: 'web', script: 'server.js', kill_timeout: «5000¦12000», max_memory_restart: '300M' }] };\n",
    "server.js":
      "process.on('SIGTERM', () => {\n  server.close(() => process.exit(0));\n  setTimeout(() => process.exit(1), 10000).unref();\n});\n",
  },
  check: (model) =>
    timelines(model).flatMap((line): Found[] => {
      const { limits } = line;
      const index = limits.findIndex((limit, position) => position > 0 && (limits[position - 1]?.ms ?? 0) >= limit.ms);
      const [first, second] = [limits[index - 1], limits[index]];
      if (index === -1 || !first || !second) return [];
      const equal = first.ms === second.ms;
      return [
        {
          place: second.isDefault ? first.place : second.place,
          severity: equal || second.name.endsWith("drain") ? "warning" : "error",
          message: equal
            ? `${first.name} is ${seconds(first.ms)}, and ${second.name} is the same: ${timelineText(line)}`
            : `${first.name} is ${seconds(first.ms)}, and ${second.name} ends it before: ${timelineText(line)}`,
          hint: `give ${second.name} at least ${seconds(first.ms + 2_000)}, or shorten ${first.name}: each must be shorter than the next`,
          related: limits.map((limit) => ({
            place: limit.place,
            message: `${limit.name}: ${seconds(limit.ms)}${limit.isDefault ? ", the default" : ""}`,
          })),
        },
      ];
    }),
};
