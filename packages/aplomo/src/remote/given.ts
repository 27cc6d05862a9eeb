import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { manifestBeside } from "../backup/push.ts";
import { hashFile } from "./workspace.ts";

/** A file of this machine that goes along with a command. */
export interface Given {
  /** As it was typed; null: nobody typed it, it lies beside one. */
  argument: string | null;
  path: string;
  name: string;
  size: number;
  sha256: string;
}

/** The files that arguments name, and the manifests of those that are backups. What is no file stays an argument. */
export async function filesGiven(words: readonly string[]): Promise<Given[]> {
  const found: Given[] = [];
  for (const argument of words) {
    const path = resolve(argument);
    const file = await given(argument, path);
    const beside = file && (await given(null, manifestBeside(path)));
    found.push(...[file, beside].filter((one) => one !== undefined));
  }
  return found;
}

async function given(argument: string | null, path: string): Promise<Given | undefined> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) return undefined;
  return { argument, path, name: basename(path), size: info.size, sha256: await hashFile(path) };
}
