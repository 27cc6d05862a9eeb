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
  load: () => Promise<{ run: (options: never, args: string[]) => Promise<number> }>;
}
