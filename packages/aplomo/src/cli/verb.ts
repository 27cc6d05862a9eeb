import type { Manner } from "../remote/messages.ts";

/** One command, as its help tells it. */
export interface Verb {
  name: string;
  summary: string;
  /** Usage of arguments: `[release]`. */
  args?: string;
  options?: [flags: string, description: string][];
  examples: string[];
  /** Of a group: what its name alone means. */
  isDefault?: boolean;
  /** Exit codes it can end with, besides 0 and 2. */
  exits: number[];
  /** How it is carried out on the server that `target.host` names; left out: always on this machine. */
  there?: Manner;
  /** Options that name a file of this machine, whose content then goes along. */
  fileOptions?: string[];
  /** Arguments that may name files of this machine, which then go along. */
  sends?: (options: never, args: string[]) => string[];
  /** It takes images with `--image`. */
  images?: true;
  load: () => Promise<{ run: (options: never, args: string[]) => Promise<number> }>;
}
