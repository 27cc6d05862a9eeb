import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { local } from "../../src/host/local.ts";
import { dumpReader } from "../../src/databases/index.ts";
import type { Checksums, Counts, Database, DumpContent, Wanted } from "../../src/databases/contract.ts";

interface Dumped {
  bytes: Buffer;
  counts: Counts;
  /** Null where they were not wanted. */
  checksums: Checksums | null;
  content: DumpContent;
}

/** Takes a dump as it comes from the driver, uncompressed, with what its snapshot counted; and loads it, when told where. */
export async function plainDump(database: Database, scratch?: string, wanted: Wanted = {}): Promise<Dumped> {
  const snapshot = await database.snapshot(wanted);
  try {
    const reader = dumpReader(database.engine);
    const chunks: Buffer[] = [];
    const { source } = snapshot;
    const program = source.kind === "program" ? local.spawn(source.command, ["ignore", "pipe", "pipe"]) : undefined;
    if (program && source.kind === "program") source.started?.(program);
    const [counts, checksums] = await Promise.all([
      snapshot.counts(),
      wanted.checksums ? snapshot.checksums() : null,
      (async () => {
        for await (const chunk of program?.stdout ?? createReadStream(source.kind === "file" ? source.path : "")) {
          chunks.push(chunk as Buffer);
          reader.write(chunk as Buffer);
        }
      })(),
    ]);
    if (program && (await program.ended).code !== 0) throw new Error("the dump failed");
    const bytes = Buffer.concat(chunks);
    if (scratch !== undefined) await load(database, scratch, bytes);
    return { bytes, counts, checksums, content: reader.end() };
  } finally {
    await snapshot.close();
  }
}

export async function dumpInto(database: Database, scratch: string): Promise<void> {
  await plainDump(database, scratch);
}

async function load(database: Database, scratch: string, bytes: Buffer): Promise<void> {
  await database.createScratch(scratch);
  const channel = await database.loader(scratch);
  if (channel.kind === "file") return writeFile(channel.path, bytes);
  const program = local.spawn(channel.command, ["pipe", "ignore", "pipe"]);
  let said = "";
  program.stderr?.on("data", (text: Buffer) => (said += text.toString()));
  program.stdin?.on("error", () => {}).end(bytes);
  if ((await program.ended).code !== 0) throw new Error(`loading failed: ${said}`);
}
