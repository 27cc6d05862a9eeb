import { appendFile, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { makePrivateFolder } from "../host/files.ts";

/** What one look measured: a line of a day's file, for trends and charts. */
export interface Sample {
  at: string;
  release: string | null;
  units: {
    name: string;
    /** Absent in older ones, as below. */
    service?: string;
    id: string;
    restarts: number;
    running: boolean;
    memory: number | null;
    limit: number | null;
  }[];
  /** Health of units, with their service, and public addresses; status 0: no answer. */
  asked: { what: string; service?: string; status: number; ms: number }[];
  disks: { path: string; free: number; total: number; inodesFree: number }[];
  /** Numbers that invariants speak of, when they were counted: `agenda.patients`. */
  numbers?: Record<string, number>;
}

const day = 24 * 60 * 60_000;
/** Days a file stays. */
const keep = 31;

/** A line that a crash cuts off is left out by the reader: nothing depends on one. */
export async function appendSample(folder: string, sample: Sample): Promise<void> {
  await makePrivateFolder(folder);
  await appendFile(join(folder, nameOf(new Date(sample.at))), `${JSON.stringify(sample)}\n`, { mode: 0o600 });
}

/** Those since a moment, oldest first. */
export async function readSamples(folder: string, since: Date, now: Date): Promise<Sample[]> {
  const found: Sample[] = [];
  await eachSample(folder, since, now, (sample) => void found.push(sample));
  return found;
}

/** As `readSamples`, a day at a time: a month of them need not lie in memory at once. */
export async function eachSample(folder: string, since: Date, now: Date, take: (sample: Sample) => void): Promise<void> {
  for (let at = since.getTime(); nameOf(new Date(at)) <= nameOf(now); at += day) {
    const text = await readFile(join(folder, nameOf(new Date(at))), "utf8").catch(() => "");
    for (const line of text.split("\n")) {
      const sample = parse(line);
      if (sample && sample.at >= since.toISOString()) take(sample);
    }
  }
}

export async function forgetSamples(folder: string, now: Date): Promise<void> {
  const oldest = nameOf(new Date(now.getTime() - keep * day));
  const names = await readdir(folder).catch(() => [] as string[]);
  for (const name of names) if (name < oldest) await rm(join(folder, name), { force: true });
}

function nameOf(date: Date): string {
  return `${date.toISOString().slice(0, 10)}.jsonl`;
}

function parse(line: string): Sample | undefined {
  try {
    return line === "" ? undefined : (JSON.parse(line) as Sample);
  } catch {
    return undefined;
  }
}
