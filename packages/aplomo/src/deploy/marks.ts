import { join } from "node:path";
import type { Mark } from "../databases/contract.ts";
import { readIfPresent, writeFileSafely } from "../host/files.ts";
import { deploymentFolder } from "./deployments.ts";
import type { Work } from "./step.ts";

/** A mark may grow with the data, so it stands in a file of the deployment's folder and not in its journal. */
export async function saveMark(work: Pick<Work, "paths" | "facts">, step: string, mark: Mark): Promise<void> {
  await writeFileSafely(fileOf(work, step), JSON.stringify(mark));
}

/** The mark a step saved; undefined when it did not come so far. */
export async function readMark(work: Pick<Work, "paths" | "facts">, step: string): Promise<Mark | undefined> {
  const text = await readIfPresent(fileOf(work, step));
  return text === undefined ? undefined : (JSON.parse(text) as Mark);
}

function fileOf({ paths, facts }: Pick<Work, "paths" | "facts">, step: string): string {
  return join(deploymentFolder(paths, facts.deployment), `mark.${step}.json`);
}
