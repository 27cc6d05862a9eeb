import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, isAbsolute, join } from "node:path";
import { AplomoError } from "../base/errors.ts";
import { copyFromContainer, createContainer, inspectContainers, listContainers, removeContainers } from "../host/docker.ts";
import { processIdentity } from "../host/process.ts";
import { lastLines, type Command, type Host } from "../host/run.ts";
import { combine, contents, walk } from "./tree.ts";

/** What is at a path inside an image: a folder's files, or the one file. */
export interface ImageFiles {
  /** The same whenever paths, permissions and contents are. */
  hash: string;
  /** By their path in the folder. */
  files: Record<string, Buffer>;
}

export interface ImagePath {
  /** An id, or a reference by digest, of an image that this machine's engine has. */
  image: string;
  /** As people call it. */
  reference: string;
  /** The folder it works in; empty: its root. */
  home: string | undefined;
  /** In the image, from that folder. */
  path: string;
  /** Who has the migrations, as this engine knows it: what its readers have left is looked for by it. */
  owner: string;
  /** Of the container that is made of it for a moment; nobody else's. */
  name: string;
}

/** Reads the files that `migrate.files` means, on this machine's engine. Nothing of the image runs. */
export async function readImageFiles(host: Host, { image, reference, home, path, owner, name }: ImagePath): Promise<ImageFiles> {
  const whole = isAbsolute(path) ? path : join(home || "/", path);
  const folder = await mkdtemp(join(tmpdir(), "aplomo-files-"));
  // Made, never started: there is no other way to a file in an image that needs nothing of what is in it.
  const make = createContainer(name, image, [`${ownerLabel}=${owner}`, `${readerLabel}=${process.pid} ${processIdentity(process.pid)}`]);
  try {
    await sweep(host, owner);
    await run(host, make, { operation: "open the image", subject: reference });
    await run(host, copyFromContainer(name, whole, folder), {
      operation: "read migrations from the image",
      subject: reference,
      hint: `migrate.files means ${whole} inside the image: correct it, or the Dockerfile.`,
    });
    return await readPath(join(folder, basename(whole)), folder);
  } finally {
    await host.attempt(removeContainers([name]));
    await rm(folder, { recursive: true, force: true });
  }
}

const ownerLabel = "aplomo.files";
const readerLabel = "aplomo.reader";

/** Removes what readers have left that were killed; another one that lives may be reading just now. */
async function sweep(host: Host, owner: string): Promise<void> {
  const found = (await host.attempt(listContainers([`${ownerLabel}=${owner}`]))).stdout.split("\n").filter(Boolean);
  if (found.length === 0) return;
  const { stdout } = await host.attempt(inspectContainers(found));
  const containers = JSON.parse(stdout || "[]") as { Id: string; Config: { Labels: Record<string, string> } }[];
  const left = containers.filter(({ Config }) => {
    const [pid = "", ...identity] = (Config.Labels[readerLabel] ?? "").split(" ");
    return processIdentity(Number(pid)) !== identity.join(" ");
  });
  if (left.length > 0) await host.attempt(removeContainers(left.map(({ Id }) => Id)));
}

async function readPath(path: string, parent: string): Promise<ImageFiles> {
  const root = (await stat(path)).isDirectory() ? path : parent;
  const entries = await walk(root, () => false);
  const read = entries.filter(({ kind }) => kind === "file").map(async (one) => [one.path, await readFile(join(root, one.path))] as const);
  return { hash: combine(await contents(entries, root)), files: Object.fromEntries(await Promise.all(read)) };
}

async function run(host: Host, command: Command, purpose: { operation: string; subject: string; hint?: string }): Promise<void> {
  const { code, stderr } = await host.attempt(command);
  if (code === 0) return;
  throw new AplomoError({ ...purpose, cause: lastLines(stderr.trim(), 5) || `exit code ${code}` });
}
