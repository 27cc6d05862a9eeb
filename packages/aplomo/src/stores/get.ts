import { createHash } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { flushFolder } from "../host/files.ts";
import { again, type Persistence } from "./again.ts";
import { compare } from "./content.ts";
import type { Content, Progress, Store } from "./contract.ts";

/** Brings a file of a store to this machine, going on where a cut ended it. The path names it only once it is whole and right. */
export async function get(
  signal: AbortSignal,
  store: Store,
  name: string,
  path: string,
  content: Content,
  options: Persistence & { progress?: Progress } = {},
): Promise<void> {
  const beside = `${path}.partial`;
  const file = await open(beside, "w", 0o600);
  try {
    const hash = createHash("sha256");
    let bytes = 0;
    await again(
      signal,
      async (advance) => {
        for await (const chunk of store.read(name, bytes)) {
          await file.writeFile(chunk);
          hash.update(chunk);
          bytes += chunk.length;
          advance(bytes);
          options.progress?.(bytes);
        }
      },
      options,
    );
    compare({ sha256: hash.digest("hex"), bytes }, content, name, store.name);
    await file.sync();
    await rename(beside, path);
    await flushFolder(dirname(path));
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** A small file's text. */
export async function readText(signal: AbortSignal, store: Store, name: string, options?: Persistence): Promise<string> {
  return again(
    signal,
    async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of store.read(name)) chunks.push(chunk);
      return Buffer.concat(chunks).toString("utf8");
    },
    options,
  );
}
