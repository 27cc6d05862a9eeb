import { open } from "node:fs/promises";
import type { Context } from "../../host/context.ts";
import { checkSource, compare, contentOf } from "../content.ts";
import { checkName, isPartial, partialName, StoreError, type Entry, type Store } from "../contract.ts";
import type { SftpSettings } from "../settings.ts";
import { StatusError } from "./errors.ts";
import { listFolder, lookAt, makeFolder, read, remove, rename, resends, write } from "./files.ts";
import { openSession, type Session } from "./session.ts";
import { Fields, kinds, status, type Attributes } from "./wire.ts";

/** A folder on a server that is reached by ssh. No shell is needed there. */
export function openSftp(ctx: Context, settings: SftpSettings): Store {
  const root = settings.directory.replace(/(?<=.)\/+$/, "");
  const title = settings.name ?? `sftp://${settings.host}/${root.replace(/^\//, "")}`;
  const join = (name: string): string => `${root === "/" ? "" : root}/${name}`;
  const at = (name: string): string => join(checkName(name));
  let session: Promise<Session> | undefined;

  /** The connection, or a new one when it broke. */
  async function connection(): Promise<Session> {
    const had = await session?.catch(() => undefined);
    if (had && !had.ended()) return had;
    session = openSession(ctx, settings, title);
    return session;
  }

  /** A disk that is full is told as any other failure: asking for its free space shows it. */
  async function explain(use: Session, path: string, error: unknown): Promise<unknown> {
    if (!(error instanceof StatusError) || error.code !== status.failure || !use.extensions.has("statvfs@openssh.com")) return error;
    const free = await freeBytes(use, path).catch(() => undefined);
    if (free === undefined || free > 1024 * 1024) return error;
    return new StoreError("full", {
      operation: "copy to",
      subject: path,
      cause: "the disk there is full",
      hint: "Free space there, or keep fewer backups.",
    });
  }

  return {
    name: title,
    capabilities: { verifiesBeforeNaming: true, resends },

    async check() {
      const use = await connection();
      const found = await lookAt(use, root);
      if (!found) {
        const hint = "Make the folder there, or correct directory.";
        throw new StoreError("refused", { operation: "find", subject: title, cause: "there is no such folder", hint });
      }
      const free = use.extensions.has("statvfs@openssh.com") ? { freeBytes: await freeBytes(use, root) } : {};
      return { host: settings.host, directory: root, ...free };
    },

    async put(file, name, content, progress) {
      await checkSource(file, name, content);
      const target = at(name);
      const partial = join(partialName(name, content));
      const use = await connection();
      const arrived = async (): Promise<boolean> =>
        (await lookAt(use, target))?.bytes === content.bytes && (await contentOf(read(use, target, 0))).sha256 === content.sha256;
      if (await arrived()) return { resumed: content.bytes };
      await makeFolder(use, target.slice(0, target.lastIndexOf("/")));
      const source = await open(file, "r");
      try {
        const resumed = await write(use, source, partial, content.bytes, progress);
        const found = await contentOf(read(use, partial, 0));
        if (found.sha256 !== content.sha256) await remove(use, partial);
        compare(found, content, name, title);
        await rename(use, partial, target);
        return { resumed };
      } catch (error) {
        // Another process brought the same file meanwhile, and gave it its name.
        if (error instanceof StatusError && (await arrived())) return { resumed: content.bytes };
        throw await explain(use, root, error);
      } finally {
        await source.close();
      }
    },

    async *read(name, from = 0) {
      yield* read(await connection(), at(name), from);
    },

    async stat(name) {
      const found = await lookAt(await connection(), at(name));
      return found && isFile(found) ? entry(name, found) : undefined;
    },

    async list(folder) {
      const found = await listFolder(await connection(), at(folder));
      return found
        .filter((one) => isFile(one.attributes) && !isPartial(one.name))
        .map((one) => entry(`${folder}/${one.name}`, one.attributes));
    },

    async remove(name) {
      await remove(await connection(), at(name));
    },

    async sweep(folder, before) {
      const use = await connection();
      return sweepFolder(use, at(folder), before);
    },

    async close() {
      const had = await session?.catch(() => undefined);
      session = undefined;
      await had?.close();
    },
  };
}

async function sweepFolder(use: Session, path: string, before: Date): Promise<number> {
  let swept = 0;
  for (const { name, attributes } of await listFolder(use, path)) {
    if (isFolder(attributes)) swept += await sweepFolder(use, `${path}/${name}`, before);
    if (!isFile(attributes) || !isPartial(name) || attributes.modifiedAt >= before) continue;
    await remove(use, `${path}/${name}`);
    swept += 1;
  }
  return swept;
}

async function freeBytes(use: Session, path: string): Promise<number> {
  const fields: Fields = await use.ask(path, kinds.extendedReply, kinds.extended, "statvfs@openssh.com", path);
  const [, fragment = 0, , , available = 0] = Array.from({ length: 5 }, () => fields.long());
  return fragment * available;
}

function isFile({ mode }: Attributes): boolean {
  return (mode & 0o170000) === 0o100000;
}

function isFolder({ mode }: Attributes): boolean {
  return (mode & 0o170000) === 0o040000;
}

function entry(name: string, { bytes, modifiedAt }: Attributes): Entry {
  return { name, bytes, modifiedAt };
}
