import { statfs } from "node:fs/promises";
import { AplomoError } from "../../base/errors.ts";
import { poll } from "../../base/time.ts";
import type { Database, DatabaseFacts } from "../../databases/contract.ts";
import { makePrivateFolder } from "../../host/files.ts";
import { refuseBrokenEnvironment } from "../environment.ts";
import type { Facts } from "../facts.ts";
import type { Step, Work } from "../step.ts";

/** A database that was only just started is asked this long. */
const databaseLimit = 60_000;

export const environment: Step = {
  id: "prepare.environment",
  phase: "prepare",
  title: "check the environment against its contract",
  async run(work) {
    await refuseBrokenEnvironment(work.config);
    return { variables: work.config.environment.size, required: Object.keys(work.config.settings.env.require).length };
  },
};

/** What the target refuses: data on a volume that a redeploy would replace (I20), an image to build here (I5), no engine. */
export function target(facts: Facts): Step {
  return {
    id: "prepare.target",
    phase: "prepare",
    title: `check ${facts.target.runtime}`,
    ...(facts.target.data.length > 0 ? { details: facts.target.data.map((room) => `data stays where it is: ${room}`) } : {}),
    async run(work) {
      // Found out a moment ago, for the plan, and under the same lock.
      const { runtime, refusals, data, atBoot } = work.facts.target;
      const [refusal] = refusals;
      if (refusal) throw new AplomoError({ operation: "deploy to", subject: runtime, cause: refusal.message, hint: refusal.hint });
      return { runtime, data, ...(atBoot === undefined ? {} : { atBoot }) };
    },
  };
}

export const dataServices: Step = {
  id: "prepare.data",
  phase: "prepare",
  title: "make sure the database services run",
  run: (work) => work.target.startData(),
};

export function reachable(name: string): Step {
  return {
    id: `prepare.database.${name}`,
    phase: "prepare",
    title: `reach database ${name} with tools of the right version`,
    async run(work) {
      // The plan may have found it already, a moment ago and under the same lock.
      const facts = work.facts.databases?.[name] ?? (await reach(work, databaseOf(work, name)));
      const free = await freeSpace(work.paths.backups);
      // A dump is smaller than its database; a restore beside it needs about as much again (field notes: 0.8 to 1.0).
      if (free < facts.bytes) {
        throw new AplomoError({
          operation: "back up",
          subject: name,
          cause: `${mebibytes(free)} are free in ${work.paths.backups}, the database has ${mebibytes(facts.bytes)}`,
          hint: "free disk space, or set backups.directory to another disk",
        });
      }
      return { ...facts, freeBytes: free };
    },
  };
}

/** What was found out about a database at the beginning of this deployment. */
export function factsOf(work: Work, name: string): DatabaseFacts | undefined {
  return work.evidenceOf(`prepare.database.${name}`) as DatabaseFacts | undefined;
}

/** Asks until the server answers: it may be starting (I19). */
async function reach(work: Work, database: Database): ReturnType<Database["check"]> {
  let last: unknown;
  const facts = await poll(
    () =>
      database.check().catch((error: unknown) => {
        last = error;
        return undefined;
      }),
    { limit: databaseLimit, every: 500, signal: work.ctx.signal },
  );
  if (facts) return facts;
  throw last;
}

export function databaseOf(work: Work, name: string): Database {
  const found = work.databases.find((database) => database.name === name);
  if (!found) throw new Error(`no database ${name}`);
  return found;
}

/** Bytes that are free on the disk of a folder, which is made. */
export async function freeSpace(folder: string): Promise<number> {
  await makePrivateFolder(folder);
  const disk = await statfs(folder);
  return disk.bavail * disk.bsize;
}

export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}
