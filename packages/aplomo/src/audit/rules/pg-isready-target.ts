import { probes, probeWords } from "../ask/probes.ts";
import type { Found, Rule } from "../rule.ts";

export const pgIsreadyTarget: Rule = {
  id: "pg-isready-target",
  title: "pg_isready asks a server that is only preparing",
  area: "health",
  severity: "info",
  why: "while the image prepares a new database, a first server answers on the socket alone and then ends: what waited for it starts and loses its connection; only at the very first start, hence info",
  needs: ["compose"],
  example: {
    "compose.yml":
      "services:\n  db:\n    image: postgres:17\n    volumes: [data:/var/lib/postgresql/data]\n    healthcheck:\n      test: [CMD, pg_isready, «¦-h, 127.0.0.1, »-U, app, -d, app]\nvolumes:\n  data:\n",
  },
  check: (model) =>
    probes(model).flatMap((probe): Found[] => {
      if (probe.service?.kind !== "postgres" || probe.launch.text.includes("&&")) return [];
      const words = probeWords(probe);
      if (words[0] !== "pg_isready" || words.some((word) => /^-h|^--host|^-d.*host=/.test(word))) return [];
      return [
        {
          place: probe.place,
          message: "pg_isready without -h asks the socket, where a server that only prepares the database answers too",
          hint: "add -h 127.0.0.1 (and -U and -d, so that the log stays clean)",
        },
      ];
    }),
};
