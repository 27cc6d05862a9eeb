import { runCommand } from "./command.ts";
import type { Boot, Said } from "./context.ts";

/** Refreshes derived data step by step. A step that fails is named and reported, and neither stops the others nor the server. */
export async function derive(boot: Boot, lost: AbortSignal): Promise<Said> {
  const { derive: steps } = boot.settings;
  if (!boot.migrates) return "goes with the migration (RUN_MIGRATIONS=0)";
  const failed: string[] = [];
  for (const { name, run, time_limit: limit } of steps) {
    const { ok, ending, tail } = await runCommand(boot, run, { limit, signal: lost });
    boot.signal.throwIfAborted();
    if (ok) boot.log("info", `derived data ${name}: refreshed`);
    else {
      failed.push(name);
      boot.log("error", `derived data ${name}: failed`, { ending, reason: tail.split("\n").at(-1) });
    }
  }
  const done = `${steps.length - failed.length} of ${steps.length} refreshed`;
  return failed.length > 0 ? `${done}; failed: ${failed.join(", ")}` : done;
}
