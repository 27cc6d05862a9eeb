import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The repository's folder: tests run compiled, from another place than their sources. */
export const root: string = find(import.meta.dirname);

function find(folder: string): string {
  return existsSync(join(folder, "package-lock.json")) ? folder : find(dirname(folder));
}
