import type { Rule } from "../rule.ts";
import { listed } from "./listens-localhost.ts";

export const listensElsewhere: Rule = {
  id: "listens-elsewhere",
  title: "it listens on another port than requests come to",
  why: "The program has its own idea of its port, or reads another variable than PORT; what stands in front asks a port where nobody is, and says 502 (I16).",
  next: "Let the program listen on PORT; or correct health.port, `ports` or target.port, whichever is wrong.",
  needs: ["units"],
  check: ({ units = [] }) =>
    units.flatMap(({ name, port, listening, data }) => {
      const open = listening ?? [];
      return port !== null && !data && open.length > 0 && !open.some((one) => one.port === port)
        ? [{ subject: name, message: `nothing inside listens on port ${port}, to which requests come`, evidence: [listed(open)] }]
        : [];
    }),
};
