import type { Printer } from "./printer.ts";

/** One event a line, as `docs/EVENTS.md` documents them. */
export function jsonPrinter(write: (text: string) => void, now: () => Date): Printer {
  return {
    emit: (event) => write(`${JSON.stringify({ at: now().toISOString(), ...event })}\n`),
    close: () => {},
  };
}
