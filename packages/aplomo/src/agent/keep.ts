import { once } from "node:events";
import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { UsageError } from "../base/errors.ts";
import { poll } from "../base/time.ts";
import type { Context } from "../host/context.ts";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../host/files.ts";
import { lockHolder } from "../host/lock.ts";
import { allKeepers } from "./keepers/index.ts";
import type { Keeper, KeeperName } from "./keepers/keeper.ts";
import { agentPaths } from "./paths.ts";
import { usualPath } from "./resident.ts";
import type { Program } from "./start.ts";

/** How long an agent may take until it answers. */
const limit = 60_000;

/** What to look for a keeper with. */
export interface Place {
  program: Program;
  /** The application's folder, which may bring PM2 along. */
  directory: string;
  /** Its target; null: not known. */
  kind: string | null;
}

/** By whom the agent is kept running, and what was done for it. */
export interface Kept {
  /** null: one runs already, which was begun in another way; it was left alone. */
  by: KeeperName | null;
  /** The keeper's word for it: a file, a name. */
  what: string;
  did: "put there now" | "as it was";
  /** It answers. */
  runs: boolean;
  /** Shows why, should it not. */
  log: string;
}

/** Written before anything is put: what was put is taken away by who put it. */
interface Entry {
  version: 1;
  by: KeeperName;
}

/** Has the agent kept running by what this machine has: what kept it before, else what fits first. Twice is as good as once. */
export async function keepAgent(ctx: Context, place: Place): Promise<Kept> {
  const all = keepersOf(ctx, place);
  const before = await readEntry(ctx);
  if (!before) {
    const holder = await lockHolder(agentPaths(ctx.home).lock);
    if (holder) return { by: null, what: `process ${holder.pid}, since ${holder.since}`, did: "as it was", runs: true, log: "" };
  }
  const mine = all.find(({ name }) => name === before?.by);
  const chosen = mine && (await mine.fits()) ? mine : await firstThatFits(all);
  if (!chosen) {
    const hint = "It needs systemd, PM2 or a container engine; or have what you start programs with run `aplomo agent run --kept`.";
    throw new UsageError({ operation: "install", subject: "the agent", cause: "nothing here keeps programs running", hint });
  }
  await makePrivateFolder(agentPaths(ctx.home).root);
  await writeFileSafely(entryFile(ctx), `${JSON.stringify({ version: 1, by: chosen.name } satisfies Entry)}\n`);
  const { what, changed } = await chosen.put();
  const runs = (await poll(() => answers(ctx), { limit, every: 200, signal: ctx.signal })) ?? false;
  return { by: chosen.name, what, did: changed ? "put there now" : "as it was", runs, log: chosen.log };
}

/** Ends the agent and takes it from what keeps it; undefined: none was put there. What it has begun comes to its end. */
export async function dismissAgent(ctx: Context, place: Place): Promise<KeeperName | undefined> {
  const entry = await readEntry(ctx);
  const keeper = keepersOf(ctx, place).find(({ name }) => name === entry?.by);
  if (!keeper) return undefined;
  await keeper.remove();
  await rm(entryFile(ctx), { force: true });
  return keeper.name;
}

function keepersOf(ctx: Context, { program, directory, kind }: Place): Keeper[] {
  return allKeepers(ctx, { program, home: ctx.home, path: usualPath }, { directory, kind });
}

async function firstThatFits(all: readonly Keeper[]): Promise<Keeper | undefined> {
  for (const keeper of all) if (await keeper.fits()) return keeper;
  return undefined;
}

const entryFile = ({ home }: Context): string => join(agentPaths(home).root, "kept.json");

async function readEntry(ctx: Context): Promise<Entry | undefined> {
  const text = await readIfPresent(entryFile(ctx));
  return text === undefined ? undefined : (JSON.parse(text) as Entry);
}

/** Somebody is behind its door. */
async function answers({ home }: Context): Promise<true | undefined> {
  const socket = connect(agentPaths(home).socket);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}
