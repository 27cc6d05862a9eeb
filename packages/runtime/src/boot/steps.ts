import { admin } from "./admin.ts";
import { artefactProblems } from "./artefacts.ts";
import type { Boot, Said } from "./context.ts";
import { contractProblems } from "./contract.ts";
import { derive } from "./derive.ts";
import { BootError, type Problem } from "./failure.ts";
import { withLock } from "./lock.ts";
import { migrate } from "./migrate.ts";
import { productionProblems } from "./production.ts";
import { seed } from "./seed.ts";
import { waitForDatabases } from "./wait.ts";

/** What aplomo-boot was asked for: all steps before a server, the migration alone, or a look that touches nothing. */
export type Verb = "boot" | "migrate" | "check";

/** Runs the steps in their order, one line each. Throws a BootError at the first that fails. */
export async function runSteps(boot: Boot, verb: Verb): Promise<void> {
  const { settings, server, env } = boot;
  await step(boot, "environment", () =>
    settle(contractProblems(settings.env, env), productionProblems(settings, env), artefactProblems(settings, server, env)),
  );
  if (verb === "check") return;
  await step(boot, "database", () => waitForDatabases(boot));
  const migrating = settings.migrate !== undefined || settings.derive.length > 0;
  const seeding = verb === "boot";
  const locked: [name: string, wanted: boolean, work: (boot: Boot, lost: AbortSignal) => Promise<Said>][] = [
    ["migration", settings.migrate !== undefined, migrate],
    ["derived data", settings.derive.length > 0, derive],
    ["seed", seeding && settings.seed !== undefined, seed],
    ["administrator", seeding && settings.admin !== undefined, admin],
  ];
  const wanted = locked.filter(([, wanted]) => wanted);
  // Nothing to change: no lock either, so that a restart never waits for somebody's long migration.
  const changing = wanted.some(([name]) => name === "seed" || name === "administrator") || (migrating && boot.migrates);
  const all = async (lost: AbortSignal): Promise<void> => {
    for (const [name, , work] of wanted) await step(boot, name, () => work(boot, lost));
  };
  if (!changing) return all(boot.signal);
  await withLock(boot, { url: settings.migrate?.url ?? settings.database.url, wait: settings.migrate?.lock_wait ?? 120_000 }, all);
}

async function step(boot: Boot, name: string, work: () => Said | Promise<Said>): Promise<void> {
  boot.signal.throwIfAborted();
  const start = performance.now();
  const said = await work();
  boot.log("info", `${name}: ${said}`, { ms: Math.round(performance.now() - start) });
}

function settle(...groups: Problem[][]): Said {
  const problems = [...new Map(groups.flat().map((problem) => [problem.message, problem])).values()];
  if (problems.length === 0) return "complete";
  const lines = problems.map(({ message, hint }) => `\n  - ${message}: ${hint}`);
  throw new BootError(`${problems.length} ${problems.length === 1 ? "thing is" : "things are"} not as they must be:${lines.join("")}`, {
    exitCode: 2,
  });
}
