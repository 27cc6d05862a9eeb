import { open, type FileHandle } from "node:fs/promises";

/** One file in a saved image, where it lies in the archive: from its header on, with what belongs to it. */
interface Entry {
  name: string;
  from: number;
  /** Of its content. */
  at: number;
  size: number;
  /** Behind its content and what fills it up. */
  end: number;
}

/** An image as `docker image save` writes it. */
export interface Saved {
  /** Of its configuration: the same wherever the image is, and its id on an engine that is brought it. */
  id: string;
  /** What its layers hold, lowest first; whoever has all up to one has that one. */
  layers: string[];
  /** The parts of the file that are needed by whom so many of the lowest layers are known. */
  parts(known: number): { from: number; end: number }[];
}

const block = 512;

/** Reads what is in it. Nothing is unpacked: an image may be larger than the memory. */
export async function readSaved(path: string): Promise<Saved> {
  const file = await open(path);
  try {
    const entries = await readEntries(file);
    const content = async (name: string): Promise<Buffer> => {
      const entry = entries.find((one) => one.name === name);
      if (!entry) throw new Error(`${path} has no ${name}`);
      const part = Buffer.alloc(entry.size);
      await file.read(part, 0, entry.size, entry.at);
      return part;
    };
    const [image] = JSON.parse((await content("manifest.json")).toString("utf8")) as { Config: string; Layers: string[] }[];
    if (!image) throw new Error(`${path} holds no image`);
    const { rootfs } = JSON.parse((await content(image.Config)).toString("utf8")) as { rootfs: { diff_ids: string[] } };
    const hash = /([0-9a-f]{64})(\.json)?$/.exec(image.Config)?.[1] ?? "";
    return {
      id: `sha256:${hash}`,
      layers: rootfs.diff_ids,
      parts: (known) => {
        // A layer that comes twice is written once.
        const needed = new Set(
          image.Layers.filter((_, index) => index >= known || rootfs.diff_ids.indexOf(rootfs.diff_ids[index] ?? "", known) >= 0),
        );
        const left = new Set(image.Layers.filter((name) => !needed.has(name)));
        return entries.filter(({ name }) => !left.has(name)).map(({ from, end }) => ({ from, end }));
      },
    };
  } finally {
    await file.close();
  }
}

/** Headers alone are read, whatever lies between them. */
async function readEntries(file: FileHandle): Promise<Entry[]> {
  const entries: Entry[] = [];
  const header = Buffer.alloc(block);
  let from = 0;
  for (let position = 0; ;) {
    const { bytesRead } = await file.read(header, 0, block, position);
    if (bytesRead < block || header[0] === 0) return entries;
    const size = sizeOf(header);
    const end = position + block + Math.ceil(size / block) * block;
    const kind = String.fromCharCode(header[156] ?? 0);
    // A header that says more of the one behind it.
    if (!["x", "g", "L", "K"].includes(kind)) {
      entries.push({ name: nameOf(header), from, at: position + block, size, end });
      from = end;
    }
    position = end;
  }
}

function nameOf(header: Buffer): string {
  const [name, prefix] = [text(header, 0, 100), text(header, 345, 155)];
  return header.toString("latin1", 257, 262) === "ustar" && prefix !== "" ? `${prefix}/${name}` : name;
}

/** In octal; what is larger than 8 GiB as a number in base 256. */
function sizeOf(header: Buffer): number {
  if (((header[124] ?? 0) & 0x80) === 0) return Number.parseInt(text(header, 124, 12).trim() || "0", 8);
  return Number(header.readBigUInt64BE(128));
}

function text(header: Buffer, from: number, length: number): string {
  const part = header.subarray(from, from + length);
  const end = part.indexOf(0);
  return part.toString("utf8", 0, end < 0 ? length : end);
}

/** Pure: how many of an image's lowest layers an engine has, that has images of these layers. */
export function knownLayers(layers: readonly string[], others: readonly (readonly string[])[]): number {
  const common = (other: readonly string[]): number => {
    const index = layers.findIndex((layer, at) => layer !== other[at]);
    return index < 0 ? layers.length : index;
  };
  return Math.max(0, ...others.map(common));
}
