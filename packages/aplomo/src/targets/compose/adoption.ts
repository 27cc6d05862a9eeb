import { join } from "node:path";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../../host/files.ts";
import type { ComposeApp } from "./app.ts";

/** Containers people started have no label of a release, and none can be given to them: this says which release they were taken down as. */
export interface Adoption {
  release: string;
  containers: string[];
}

const folder = (app: ComposeApp): string => join(app.ctx.home, "compose-adopted");
const file = (app: ComposeApp): string => join(folder(app), `${app.name}.json`);

export async function readAdoption(app: ComposeApp): Promise<Adoption | undefined> {
  const text = await readIfPresent(file(app));
  return text === undefined ? undefined : (JSON.parse(text) as Adoption);
}

export async function writeAdoption(app: ComposeApp, adoption: Adoption): Promise<void> {
  await makePrivateFolder(folder(app));
  await writeFileSafely(file(app), `${JSON.stringify(adoption)}\n`);
}
