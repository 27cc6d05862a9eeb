import { deploymentFolder, listDeployments } from "./deployments.ts";
import type { Foreseen } from "./facts.ts";
import { readJournal, type Entry } from "./journal.ts";
import type { AppPaths } from "./paths.ts";
import { rehearsalStep } from "./rehearsal/verdict.ts";

/** What the newest rehearsal, among the last ten deployments, found of the very same artifacts over the very same release. */
export async function foreseen(paths: AppPaths, artifacts: Record<string, string>, previous: string | null): Promise<Foreseen | undefined> {
  for (const id of (await listDeployments(paths)).slice(0, 10)) {
    const entries = readJournal(deploymentFolder(paths, id));
    const over = entries.some((entry) => entry.type === "deployment.started" && entry.previous === previous);
    const made = entries.find((entry) => entry.type === "step.ended" && entry.step === "prepare.stage");
    if (!over || made?.type !== "step.ended" || !same(made.evidence["artifacts"], artifacts)) continue;
    const found = entries.map(evidenceOf).find((evidence) => evidence?.["verdict"] !== undefined);
    if (!found) continue;
    return {
      deployment: id,
      verdict: String(found["verdict"]),
      way: typeof found["way"] === "string" ? found["way"] : null,
      changedMs: Number(found["changedMs"] ?? 0),
      expectedHoldMs: Number(found["expectedHoldMs"] ?? 0),
    };
  }
  return undefined;
}

function evidenceOf(entry: Entry): Record<string, unknown> | undefined {
  if (entry.type === "step.ended" && entry.step === rehearsalStep) return entry.evidence;
  return entry.type === "step.failed" && entry.step === rehearsalStep ? entry.failure.evidence : undefined;
}

function same(a: unknown, b: Record<string, string>): boolean {
  const sorted = (value: unknown): string => JSON.stringify(Object.entries(value ?? {}).toSorted(([x], [y]) => (x < y ? -1 : 1)));
  return sorted(a) === sorted(b);
}
