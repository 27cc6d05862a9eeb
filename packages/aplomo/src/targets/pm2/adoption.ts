import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../host/context.ts";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../../host/files.ts";
import type { Pm2Process } from "./process-list.ts";

/** Processes a person started have no mark of a release: this one says which release they were taken down as. */
export interface Adoption {
  release: string;
  script: string;
  cwd: string;
}

const folder = (ctx: Context): string => join(ctx.home, "pm2-adopted");
const file = (ctx: Context, app: string): string => join(folder(ctx), `${app}.json`);

export async function readAdoption(ctx: Context, app: string): Promise<Adoption | undefined> {
  const text = await readIfPresent(file(ctx, app));
  return text === undefined ? undefined : (JSON.parse(text) as Adoption);
}

export async function writeAdoption(ctx: Context, app: string, adoption: Adoption): Promise<void> {
  await makePrivateFolder(folder(ctx));
  await writeFileSafely(file(ctx, app), `${JSON.stringify(adoption)}\n`);
}

/** What is started by hand after this is a stranger again. */
export async function forgetAdoption(ctx: Context, app: string, release: string): Promise<void> {
  if ((await readAdoption(ctx, app))?.release === release) await rm(file(ctx, app), { force: true });
}

export function isOwnProcess(adoption: Adoption, process: Pm2Process): boolean {
  return !process.name.includes("@") && process.script === adoption.script && process.cwd === adoption.cwd;
}
