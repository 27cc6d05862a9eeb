import type { Evidence } from "../../base/events.ts";
import type { Counts, Database, Lock, LockWatch } from "../../databases/contract.ts";
import type { Room } from "../../targets/rehearsal.ts";
import { GateError } from "../gates/gate.ts";
import { checkInvariants } from "../gates/invariants.ts";
import { dataJobs, lockTimeoutsOf, type DataJob } from "../steps/change.ts";
import { keptMigrations, migratedDatabase } from "../migrations.ts";
import type { Work } from "../step.ts";
import { betweenFiles } from "./between.ts";
import { because, boot, failure, lastWords, type Failed } from "./boot.ts";
import { dropCopies, livesInRoom, makeCopy } from "./copies.ts";
import { drift } from "./drift.ts";
import { narrowings, type Shape } from "./narrowing.ts";
import { insideOf, openRoom, refuseFullDisk } from "./room.ts";
import { expectedHold, tooLong, waitsTooLong, wayOf } from "../way.ts";
import { decide, rowChanges, schemaChanges } from "./verdict.ts";

interface Look extends Shape {
  rows: Counts;
}

/**
 * Performs the release on restored copies of the databases: its migration, derived data and seed; then the new release is booted there
 * and asked what it will be asked in production, and then the current one, on the migrated data. Throws when the release must not be deployed:
 * then what failed is still there, for who asks why, until the step is taken back.
 */
export async function rehearse(work: Work): Promise<Evidence> {
  const { rehearsal } = work.target;
  if (!rehearsal) throw new Error(`a ${work.target.kind} target cannot rehearse`);
  const began = performance.now();
  await tidyUp(work);
  await refuseFullDisk(work);
  let straying: Promise<string[] | undefined> | undefined;
  try {
    const { room, redirected } = await openRoom(work, rehearsal);
    work.progress("restoring the backup into the copy");
    const copies = await Promise.all(work.databases.map((database) => makeCopy(work, database, room)));
    const restoredMs = Math.round(performance.now() - began);
    const inside = insideOf(work, rehearsal, copies);
    // What the backup holds, and the restore has compared: counting a big database again takes its time.
    const before = await look(copies, (name) => work.evidenceOf(`protect.backup.${name}`)?.["rows"] as Counts | undefined);
    const watches = copies.map((copy) => ({ name: copy.name, watch: copy.watchLocks?.() }));
    const between = betweenFiles(copies, before);
    const jobs = await runJobs({ ...inside, databases: between.copies });
    const locks = await locksOf(watches, before);
    const after = await look(copies);
    // On an empty database of its own, while the releases are asked on the copy.
    straying = driftOf(inside, room, work.databases, copies, after);
    straying.catch(() => {});
    const broken = jobs.broken ?? (await brokenInvariants(inside)) ?? (await unrepeatable(inside, after));
    const fresh = broken === undefined ? await boot(inside, rehearsal, work.facts.release) : undefined;
    const refused = broken ?? fresh?.failed;
    const current = work.facts.previous;
    const old = refused === undefined && current ? await boot(inside, rehearsal, current) : undefined;
    const narrowed = [
      ...new Set([...copies.flatMap(({ name }) => narrowings(before[name] ?? blank, after[name] ?? blank)), ...between.narrowed()]),
    ];
    const verdict = decide({
      broken: refused ? [refused.problem] : [],
      outdated: old ? [...(old.failed ? [old.failed.problem] : []), ...narrowed] : null,
    });
    const strayed = await straying;
    const expected = expectedHold(work, jobs.durationMs, fresh?.healthyAfterMs ?? 0);
    const files = (await keptMigrations(work.facts.release)) ?? {};
    const way = wayOf(
      work,
      verdict,
      jobs.ran.map((name) => files[name]?.toString("utf8") ?? ""),
    );
    const evidence: Evidence = {
      // Its exit code and last lines, by which the cause is looked for.
      ...refused?.seen,
      verdict,
      ...(current && work.facts.change === "migrate" ? { way, ...(way === "live" ? {} : { expectedHoldMs: expected }) } : {}),
      ...(narrowed.length > 0 ? { mayNotWrite: narrowed } : {}),
      ...(locks.length > 0 ? { locks: locks.map((lock) => ({ ...lock })) } : {}),
      ...(strayed ? { drift: strayed } : {}),
      restoredMs,
      changedMs: jobs.durationMs,
      rows: Object.fromEntries(copies.map(({ name }) => [name, rowChanges(before[name]?.rows ?? {}, after[name]?.rows ?? {})])),
      schema: Object.fromEntries(copies.map(({ name }) => [name, schemaChanges(before[name]?.schema ?? {}, after[name]?.schema ?? {})])),
      newRelease: fresh ? (fresh.failed?.problem ?? "works on the copy") : "was not booted",
      ...(current ? { currentRelease: old ? (old.failed?.problem ?? "works on the migrated copy") : "was not booted" } : {}),
      ...(old?.failed?.seen["log"] === undefined ? {} : { currentReleaseSaid: lastWords(old.failed.seen["log"]) }),
      ...(redirected.length > 0 ? { variablesThatNamedTheCopy: redirected } : {}),
      ...(room.reaches.length > 0 ? { couldReach: room.reaches } : {}),
    };
    const problem = refused?.problem ?? tooLong(work, way, expected) ?? waitsTooLong(work, way, locks);
    if (problem !== undefined)
      throw new GateError(
        "rehearsal",
        work.facts.release.id,
        problem,
        evidence,
        "nothing of production was touched; correct the release and deploy again",
      );
    await tidyUp(work);
    return evidence;
  } finally {
    await straying?.catch(() => {});
  }
}

const blank: Look = { rows: {}, schema: {}, columns: {} };

/** Whatever this or a killed rehearsal has made. */
export async function tidyUp(work: Work): Promise<void> {
  await work.target.rehearsal?.close();
  await dropCopies(work);
}

interface Ran {
  durationMs: number;
  broken?: Failed;
  /** The SQL files that Aplomo ran, where it did. */
  ran: string[];
}

async function runJobs(inside: Work): Promise<Ran> {
  const began = performance.now();
  const ran: string[] = [];
  const took = (): number => Math.round(performance.now() - began);
  if (inside.facts.change !== "migrate") return { durationMs: 0, ran };
  for (const { command, run } of jobsOf(inside)) {
    inside.progress(`on the copy: ${command}`);
    const broken = await failure(async () => ran.push(...(((await run(inside))["ran"] ?? []) as string[])));
    if (broken !== undefined) return { durationMs: took(), ran, broken };
  }
  return { durationMs: took(), ran };
}

/** Strong locks on tables that were there before: behind those of a new table nobody waits. */
async function locksOf(watches: readonly { name: string; watch: LockWatch | undefined }[], before: Record<string, Look>): Promise<Lock[]> {
  const found = watches.map(async ({ name, watch }) => {
    const seen = (await watch?.stop()) ?? [];
    return seen.filter(({ table }) => table in (before[name]?.columns ?? {}));
  });
  return (await Promise.all(found)).flat();
}

/** In the room, where the copy has a server of its own there, else beside the live database. */
async function driftOf(
  inside: Work,
  room: Room,
  live: readonly Database[],
  copies: readonly Database[],
  after: Record<string, Look>,
): Promise<string[] | undefined> {
  const copy = migratedDatabase(copies, inside.config.settings);
  const beside = room.config && copy && livesInRoom(inside.config, copy.name) ? copy : live.find(({ name }) => name === copy?.name);
  return copy && beside && drift(inside, copy, beside, after[copy.name] ?? blank);
}

function jobsOf({ config, databases }: Work): DataJob[] {
  return dataJobs(config.settings, lockTimeoutsOf(databases));
}

async function brokenInvariants(inside: Work): Promise<Failed | undefined> {
  for (const copy of inside.databases) {
    let broken: string[] = [];
    // One that cannot be asked, for what it counts is gone, does not hold.
    const unasked = await failure(async () => ({ broken } = await checkInvariants(inside, copy, inside.facts.change === "migrate")));
    if (unasked !== undefined) return because("on the copy an invariant cannot be asked", unasked);
    if (broken.length > 0) return { problem: `on the copy: ${broken.join("; ")}`, seen: {} };
  }
  return undefined;
}

/** The seed runs at every deploy: one that adds rows each time is not a seed. */
async function unrepeatable(inside: Work, after: Record<string, Look>): Promise<Failed | undefined> {
  const seed = jobsOf(inside).find(({ name }) => name === "seed");
  if (!seed || inside.facts.change !== "migrate") return undefined;
  const broken = await failure(() => seed.run(inside));
  if (broken !== undefined) return because("run a second time", broken);
  for (const copy of inside.databases) {
    const changed = rowChanges(after[copy.name]?.rows ?? {}, await copy.counts());
    if (changed.length > 0) return { problem: `the seed is not idempotent: run a second time it changed ${changed.join(", ")}`, seen: {} };
  }
  return undefined;
}

async function look(copies: readonly Database[], known?: (name: string) => Counts | undefined): Promise<Record<string, Look>> {
  const seen = copies.map(async (copy) => {
    const [rows, schema, columns] = await Promise.all([known?.(copy.name) ?? copy.counts(), copy.schema(), copy.columns()]);
    return [copy.name, { rows, schema, columns }] as const;
  });
  return Object.fromEntries(await Promise.all(seen));
}
