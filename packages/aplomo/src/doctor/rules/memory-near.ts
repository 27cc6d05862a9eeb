import type { Rule } from "../rule.ts";
import { megabytes } from "./out-of-memory.ts";

/** From there on a busy minute is enough; S2.7 warns at 280 of 300 MB. */
export const nearly = 0.9;

export const memoryNear: Rule = {
  id: "memory-near",
  title: "its memory is nearly used up",
  why: "When it reaches its limit it is ended in the middle of its requests, by the kernel or by PM2. Memory that only grows gets there on a quiet night as well (I13).",
  next: "Watch it for an hour. When it grows on, look for what is kept; when it stands still, raise the limit.",
  needs: ["units"],
  check: ({ units = [] }) =>
    units.flatMap(({ name, memory, outOfMemory }) =>
      memory && !outOfMemory && memory.used >= nearly * memory.limit
        ? [
            {
              subject: name,
              message: `it uses ${Math.round((100 * memory.used) / memory.limit)} % of its limit`,
              evidence: [`limit ${megabytes(memory.limit)}, now ${megabytes(memory.used)}`],
              level: "warning" as const,
            },
          ]
        : [],
    ),
};
