import type { SourceThere } from "../host/context.ts";
import type { Lock } from "../host/lock.ts";

/** What every command is given besides its own options. */
export interface GlobalOptions {
  config: string;
  json?: boolean;
  given?: Given;
}

/** What a server knows of a command that came from another machine. */
export interface Given {
  /** The application's lock, when it was taken before the command's files were put in place. */
  lock?: Lock | undefined;
  source?: SourceThere;
}
