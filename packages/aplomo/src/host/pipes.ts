import { randomBytes } from "node:crypto";
import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const prefix = "aplomo_";
/** A pipe is opened within a minute or two of its making, and nobody needs its name any more then. */
const oldMinutes = 60;

/** Where a named pipe goes that nobody else has. */
export function newPipe(folder: string): string {
  return join(folder, `${prefix}${randomBytes(9).toString("hex")}`);
}

/** Removes the pipes of processes that were killed before they did; they hold nothing, but stay. Never throws. */
export async function sweepPipes(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!/^aplomo_[0-9a-f]{18}$/.test(name)) continue;
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined);
    if (found?.isFIFO() && Date.now() - found.mtimeMs > oldMinutes * 60_000) await rm(path, { force: true }).catch(() => {});
  }
}

/** As `sweepPipes`, where a program must do it, and this one too. */
export function sweepCommand(folder: string, own: string): readonly [string, ...string[]] {
  const which = ["(", "-path", own, "-o", "-name", `${prefix}*`, "-mmin", `+${oldMinutes}`, ")"];
  return ["find", folder, "-maxdepth", "1", "-type", "p", ...which, "-delete"];
}
