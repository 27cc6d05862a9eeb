import { createHash } from "node:crypto";
import { readdir, readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UsageError } from "../base/errors.ts";
import { version } from "../base/version.ts";

/** The program as it was built: what runs here is what the server gets. */
export interface Program {
  folder: string;
  /** Version and content in one word: the name of its folder over there. */
  name: string;
}

/** The folder this very program was started from. `entry`: `process.argv[1]`. */
export async function ownProgram(entry: string | undefined): Promise<Program> {
  const folder = dirname(await realpath(entry ?? ""));
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".js")).sort();
  if (!names.some((name) => name.startsWith("chunks/")))
    throw new UsageError({
      operation: "bring Aplomo to",
      subject: "the server",
      cause: `${folder} is not a built program`,
      hint: "Run the aplomo of the npm package, or of `npm run build`.",
    });
  const hash = createHash("sha256");
  for (const name of names) hash.update(`${name}\0`).update(await readFile(join(folder, name)));
  return { folder, name: `aplomo-${version}-${hash.digest("hex").slice(0, 12)}` };
}

/** Whether version `a` is newer than `b`; both `1.2.3`. */
export function isNewer(a: string, b: string): boolean {
  const [left, right] = [numbers(a), numbers(b)];
  const index = left.findIndex((part, at) => part !== (right[at] ?? 0));
  return index >= 0 && (left[index] ?? 0) > (right[index] ?? 0);
}

function numbers(version: string): number[] {
  return version.replace(/^v/, "").split(/[.-]/).slice(0, 3).map(Number);
}
