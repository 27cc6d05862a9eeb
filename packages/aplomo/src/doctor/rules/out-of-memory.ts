import { troubleOf } from "../observed.ts";
import type { Rule } from "../rule.ts";
import { endOf, lastWords } from "../voices.ts";

export const outOfMemory: Rule = {
  id: "out-of-memory",
  title: "the kernel ended it because its memory was used up",
  why: "It needed more than its limit, or the whole machine had none left. It gets SIGKILL, exit code 137, and can say nothing: its log just ends.",
  next: "Raise its limit (compose: mem_limit) if the machine has room, or find what grows: compare a heap snapshot after start with one an hour later.",
  needs: ["units"],
  check: ({ units = [], now }) =>
    units
      .filter((unit) => unit.outOfMemory && (unit.state !== "running" || troubleOf(unit, now) !== null))
      .map((unit) => ({
        subject: unit.name,
        message: `the engine says out of memory: ${endOf(unit)}`,
        evidence: [
          ...(unit.memory ? [`limit ${megabytes(unit.memory.limit)}, now ${megabytes(unit.memory.used)}`] : []),
          ...lastWords(unit, 1),
        ],
      })),
};

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MiB`;
}
