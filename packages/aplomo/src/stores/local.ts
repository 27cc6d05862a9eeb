import type { Stats } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, statfs } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Context } from "../host/context.ts";
import { flushFolder } from "../host/files.ts";
import { bytesOf, checkSource, compare, contentOf } from "./content.ts";
import { checkName, isPartial, partialName, StoreError, type Content, type Entry, type Problem, type Store } from "./contract.ts";
import type { LocalSettings } from "./settings.ts";

const piece = 1024 * 1024;

/** Another folder of this machine: a mounted disk, a share. */
export function openLocal(ctx: Context, settings: LocalSettings): Store {
  const root = settings.directory;
  const title = settings.name ?? root;
  const at = (name: string): string => join(root, checkName(name));

  /** A disk that is not mounted leaves an empty folder, on the very disk that the copy is to survive. */
  async function reach(): Promise<void> {
    const found = await stat(root).catch((cause: unknown) => {
      throw new StoreError("refused", { operation: "reach", subject: root, cause, hint: "Mount the disk, or make the folder." });
    });
    if (!found.isDirectory()) throw new StoreError("refused", { operation: "reach", subject: root, cause: "it is not a folder" });
    if (settings.same_disk || found.dev !== (await stat(ctx.home)).dev) return;
    throw new StoreError("refused", {
      operation: "use",
      subject: root,
      cause: "it is on the same disk as Aplomo's own folder, so a copy there would be lost with it",
      hint: "Mount the other disk there. If this is meant, set same_disk: true.",
    });
  }

  async function send(
    file: string,
    target: string,
    partial: string,
    content: Content,
    progress?: (bytes: number) => void,
  ): Promise<number> {
    await makeFolders(root, dirname(target));
    const source = await open(file, "r");
    try {
      // Neither "w", which would empty it, nor "a", which would write behind what another process writes just now.
      const copy = await open(partial, "r+").catch(() => open(partial, "w+", 0o600));
      try {
        const resumed = Math.min((await copy.stat()).size, content.bytes);
        const buffer = Buffer.allocUnsafe(piece);
        for (let position = resumed; position < content.bytes;) {
          ctx.signal.throwIfAborted();
          const { bytesRead } = await source.read(buffer, 0, piece, position);
          if (bytesRead === 0) break;
          await copy.write(buffer, 0, bytesRead, position);
          position += bytesRead;
          progress?.(position);
        }
        await copy.sync();
        return resumed;
      } finally {
        await copy.close();
      }
    } finally {
      await source.close();
    }
  }

  return {
    name: title,
    capabilities: { verifiesBeforeNaming: true, resends: 0 },

    async check() {
      await reach();
      const { bavail, bsize } = await statfs(root);
      return { directory: root, freeBytes: bavail * bsize };
    },

    async put(file, name, content, progress) {
      await checkSource(file, name, content);
      await reach();
      const target = at(name);
      const partial = join(root, partialName(name, content));
      try {
        if (await holds(target, content)) return { resumed: content.bytes };
        const resumed = await send(file, target, partial, content, progress);
        const found = await contentOf(bytesOf(partial));
        try {
          compare(found, content, name, title);
        } catch (error) {
          await rm(partial, { force: true });
          throw error;
        }
        await rename(partial, target);
        await flushFolder(dirname(target));
        return { resumed };
      } catch (error) {
        // Another process brought the same file meanwhile, and gave it its name.
        if (codeOf(error) === "ENOENT" && (await holds(target, content))) return { resumed: content.bytes };
        throw failure("copy to", target, error);
      }
    },

    async *read(name, from = 0) {
      try {
        yield* bytesOf(at(name), from);
      } catch (error) {
        throw failure("read", at(name), error);
      }
    },

    async stat(name) {
      const found = await ignoreMissing(stat(at(name)), "look at", at(name));
      return found?.isFile() ? entry(name, found) : undefined;
    },

    async list(folder) {
      await reach();
      const names = (await ignoreMissing(readdir(at(folder), { withFileTypes: true }), "list", at(folder))) ?? [];
      const files = names.filter((one) => one.isFile() && !isPartial(one.name)).map((one) => `${folder}/${one.name}`);
      const entries = await Promise.all(
        files.map(async (name) => ({ name, found: await ignoreMissing(stat(at(name)), "look at", at(name)) })),
      );
      return entries.flatMap(({ name, found }) => (found ? [entry(name, found)] : []));
    },

    async remove(name) {
      await reach();
      const path = at(name);
      try {
        await rm(path);
        await flushFolder(dirname(path));
      } catch (error) {
        if (codeOf(error) !== "ENOENT") throw failure("remove", path, error);
      }
    },

    async sweep(folder, before) {
      await reach();
      const names = (await ignoreMissing(readdir(at(folder), { recursive: true }), "list", at(folder))) ?? [];
      let swept = 0;
      for (const name of names.filter(isPartial)) {
        const path = join(at(folder), name);
        const found = await ignoreMissing(stat(path), "look at", path);
        if (!found || found.mtime >= before) continue;
        await rm(path, { force: true });
        swept += 1;
      }
      return swept;
    },

    async close() {},
  };
}

function entry(name: string, { size, mtime }: Stats): Entry {
  return { name, bytes: size, modifiedAt: mtime };
}

async function holds(path: string, content: Content): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found?.size !== content.bytes) return false;
  return (await contentOf(bytesOf(path))).sha256 === content.sha256;
}

/** Makes the folders below the root one by one, so that each name survives a power cut. The root itself is the user's. */
async function makeFolders(root: string, folder: string): Promise<void> {
  let path = root;
  for (const part of relative(root, folder).split("/").filter(Boolean)) {
    path = join(path, part);
    if ((await mkdir(path, { recursive: true, mode: 0o700 })) !== undefined) await flushFolder(dirname(path));
  }
}

async function ignoreMissing<T>(work: Promise<T>, operation: string, path: string): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw failure(operation, path, error);
  }
}

function codeOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : undefined;
}

const kinds: Record<string, [Problem, string?]> = {
  ENOSPC: ["full", "Free space there, or keep fewer backups."],
  EDQUOT: ["full", "Free space there, or keep fewer backups."],
  EFBIG: ["refused", "This file system does not take files of that size: use another."],
  EACCES: ["refused", "Give the user that Aplomo runs as the right to write there."],
  EPERM: ["refused", "Give the user that Aplomo runs as the right to write there."],
  EROFS: ["refused", "The disk is mounted read-only, often after a fault: check it."],
  ENOENT: ["missing"],
};

function failure(operation: string, subject: string, cause: unknown): unknown {
  const code = codeOf(cause);
  // What has no code is ours already: an error of this room, or the interruption.
  if (code === undefined || cause instanceof StoreError) return cause;
  const [problem, hint] = kinds[code] ?? ["unreachable"];
  return new StoreError(problem, { operation, subject, cause, ...(hint ? { hint } : {}) });
}
