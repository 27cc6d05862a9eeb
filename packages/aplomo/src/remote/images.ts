import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { counted } from "../base/count.ts";
import { AplomoError } from "../base/errors.ts";
import type { Config } from "../config/config.ts";
import { appPaths } from "../deploy/paths.ts";
import type { Context } from "../host/context.ts";
import { saveImage } from "../host/docker.ts";
import { lastLines } from "../host/run.ts";
import { imagesToDeploy } from "../images/record.ts";
import { knownLayers, readSaved, type Saved } from "../images/saved.ts";
import type { Connection } from "./connection.ts";
import { listLayers, loadImage } from "./scripts.ts";

/** Of a command line: images given for services by a reference that never means another. */
const given = /^(?:--image=)?([\w.-]+)=((?:\S+@)?sha256:[0-9a-f]{64})$/;

/** The options that name, for each service of `images`, what was built last on this machine and is not given already. */
export async function imagesBuiltHere(ctx: Context, config: Config, argv: readonly string[]): Promise<string[]> {
  if (argv.includes("--env-only")) return [];
  const named = new Set(argv.flatMap((word) => given.exec(word)?.[1] ?? []));
  const built = await imagesToDeploy(appPaths(ctx.home, config.settings.app).root, config.settings);
  return [...built].flatMap(([service, reference]) => (named.has(service) ? [] : ["--image", `${service}=${reference}`]));
}

/** Brings what the server lacks of each image that a command line names by its id: no registry has those. Gives that command line for there. */
export async function bringImages(ctx: Context, connection: Connection, argv: readonly string[]): Promise<string[]> {
  const words: string[] = [];
  for (const word of argv) {
    const [, service = "", reference = ""] = given.exec(word) ?? [];
    if (!reference.startsWith("sha256:")) words.push(word);
    else words.push(word.replace(reference, await bring(ctx, connection, service, reference)));
  }
  return words;
}

/** Gives its id over there: that of its configuration, which this machine's engine may call otherwise. */
async function bring(ctx: Context, connection: Connection, service: string, reference: string): Promise<string> {
  const before = await askLayers(connection);
  if (before.images.has(reference)) return reference;
  const folder = await mkdtemp(join(tmpdir(), "aplomo-image-"));
  try {
    const file = join(folder, "image.tar");
    await save(ctx, service, reference, file);
    const saved = await readSaved(file);
    if (before.images.has(saved.id)) return saved.id;
    const known = before.partial ? knownLayers(saved.layers, [...before.images.values()]) : 0;
    const missing = saved.layers.length - known;
    ctx.emit({
      type: "progress",
      subject: service,
      message: `bringing ${missing} of ${counted(saved.layers.length, "layer")} to the server`,
    });
    await send(ctx, connection, service, file, saved.parts(known));
    await prove(connection, service, saved);
    return saved.id;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function save(ctx: Context, service: string, reference: string, file: string): Promise<void> {
  const { code, stderr } = await ctx.host.attempt(saveImage(reference, file), ctx.signal);
  if (code === 0) return;
  const absent = /no such image|does not exist|not found/i.test(stderr);
  const cause = absent ? `${reference} is not on this machine, and not on the server` : lastLines(stderr.trim(), 3);
  throw new AplomoError({ operation: "bring the image of", subject: service, cause, hint: `Build it: aplomo build ${service} --force.` });
}

interface Known {
  /** Layers by image. */
  images: Map<string, string[]>;
  /** Whether it takes an image whose known layers are left out; engines that keep images with containerd do not. */
  partial: boolean;
}

async function askLayers(connection: Connection): Promise<Known> {
  const child = connection.spawn(listLayers);
  child.stdin?.end();
  const [said, errors, { code }] = await Promise.all([heard(child.stdout), heard(child.stderr), child.ended]);
  const [first = "", ...lines] = said.trim().split("\n");
  if (code !== 0) throw failed("look at the images of", connection.address.destination, errors);
  const images = lines.map((line): [string, string[]] => {
    const [id = "", layers = "[]"] = line.split(" ");
    return [id, (JSON.parse(layers) as string[] | null) ?? []];
  });
  return { images: new Map(images), partial: !first.includes("containerd") };
}

async function send(
  ctx: Context,
  connection: Connection,
  service: string,
  file: string,
  parts: readonly { from: number; end: number }[],
): Promise<void> {
  const child = connection.spawn(loadImage);
  const stop = (): void => child.kill();
  ctx.signal.addEventListener("abort", stop, { once: true });
  try {
    if (!child.stdin) throw new Error("no way in");
    const errors = heard(child.stderr);
    child.stdout?.resume();
    // Why it was not taken stands in what the other side says.
    await pipeline(Readable.from(read(file, parts)), createGzip(), child.stdin).catch(() => {});
    const { code } = await child.ended;
    ctx.signal.throwIfAborted();
    if (code !== 0) throw failed("bring the image of", service, await errors);
  } finally {
    ctx.signal.removeEventListener("abort", stop);
  }
}

async function* read(file: string, parts: readonly { from: number; end: number }[]): AsyncGenerator<Buffer> {
  for (const { from, end } of parts) for await (const chunk of createReadStream(file, { start: from, end: end - 1 })) yield chunk as Buffer;
  // Two empty blocks end an archive.
  yield Buffer.alloc(1_024);
}

async function prove(connection: Connection, service: string, { id, layers }: Saved): Promise<void> {
  const there = (await askLayers(connection)).images.get(id);
  if (there?.join() !== layers.join()) throw failed("bring the image of", service, `the server has no image ${id} of these layers`);
}

function heard(stream: Readable | null): Promise<string> {
  return stream ? text(stream) : Promise.resolve("");
}

function failed(operation: string, subject: string, said: string): AplomoError {
  const hint = "See what `aplomo setup` says of the server's container engine and its disk.";
  return new AplomoError({ operation, subject, cause: lastLines(said.trim(), 3), hint });
}
