import type { Program } from "./start.ts";

/** What Node is told for the agent: it stays for months and does little at a time, so its memory is worth more than its speed. */
export const smallNode: readonly string[] = ["--max-semi-space-size=1", "--optimize-for-size"];

/** The agent as something else keeps it running. */
export interface Resident {
  program: Program;
  /** `APLOMO_HOME`. */
  home: string;
  /** A schedule has no PATH of a login shell. */
  path: string;
}

export const usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What is written after Node's own flags. `--kept`: whoever keeps it starts it again when it ends. */
export const keptArguments: readonly string[] = ["agent", "run", "--kept", "--json"];

/** The whole command line. */
export function residentArgv({ program: [node, ...script] }: Resident): [string, ...string[]] {
  return [node, ...smallNode, ...script, ...keptArguments];
}
