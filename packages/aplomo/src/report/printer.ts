import type { Emit } from "../base/events.ts";

/** Takes events and shows them. Printers are the only code that writes to the terminal. */
export interface Printer {
  emit: Emit;
  /** Ends a line that is being rewritten; nothing is printed afterwards. */
  close(): void;
}

/** Where a printer writes: standard output, or a string in a test. */
export interface Terminal {
  write(text: string): void;
  /** True: lines may be rewritten and coloured. */
  live: boolean;
  colours: boolean;
  /** Cells in a line: what is rewritten must fit, or it would leave its first part behind. */
  columns: number;
}

export function terminalOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Terminal {
  const live = stream.isTTY && env["TERM"] !== "dumb";
  return { write: (text) => void stream.write(text), live, colours: live && !env["NO_COLOR"], columns: stream.columns || 80 };
}
