import { mkdir, readdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { counted } from "../../base/count.ts";
import { AplomoError } from "../../base/errors.ts";
import { flushFolder, makePrivateFolder, readIfPresent, writeFileSafely } from "../../host/files.ts";
import type { Upstream } from "../contract.ts";
import { addressOf } from "../upstreams.ts";
import { pointerOf, slots, type CaddyFolder } from "./config.ts";

/** Where a site points. */
export interface Pointer {
  upstreams: readonly Upstream[] | null;
  holding: boolean;
}

/**
 * A switch without touching Caddy: its upstreams are files that it reads at every request, and all files of a site change at once, when the
 * name `now` comes to mean another folder. No configuration is loaded, so no connection is closed. While requests are held the files name a socket
 * that does not exist: Caddy tries again and again, reading anew each time.
 */
export async function writePointer(folder: CaddyFolder, app: string, pointer: Pointer): Promise<void> {
  const now = pointerOf(folder, app);
  const site = dirname(now);
  await makePrivateFolder(site);
  const number = (await present(now)) + 1;
  const next = join(site, `p${number}`);
  await rm(next, { recursive: true, force: true });
  await mkdir(next, { mode: 0o700 });
  await writeFileSafely(join(next, "pointing.json"), pointerText(pointer));
  await writeFileSafely(join(next, "state"), pointer.holding ? "hold" : "run");
  await fillSlots(folder, next, pointer);
  await flushFolder(next);
  await rm(join(site, "next"), { force: true });
  await symlink(`p${number}`, join(site, "next"));
  await rename(join(site, "next"), now);
  await flushFolder(site);
  await removeOlder(site, number - 1);
}

async function fillSlots(folder: CaddyFolder, next: string, { upstreams, holding }: Pointer): Promise<void> {
  const addresses = holding || upstreams === null ? [`unix/${join(folder.path, "nobody.sock")}`] : upstreams.map(addressOf);
  if (addresses.length > slots) {
    const cause = `${counted(addresses.length, "unit")}, and Caddy is given ${slots} at most`;
    throw new AplomoError({ operation: "point to", subject: "the units", cause, hint: `Run ${slots} units or fewer.` });
  }
  for (const [index, address] of addresses.entries()) await writeFileSafely(join(next, `unit-${index}`), address);
  for (let slot = 0; slot < slots; slot += 1) await symlink(`unit-${slot % addresses.length}`, join(next, String(slot)));
}

/** As it is written and read back: of an upstream nothing but its address. */
export function pointerText({ upstreams, holding }: Pointer): string {
  return JSON.stringify({ upstreams: upstreams?.map(({ host, port }) => ({ host, port })) ?? null, holding });
}

/** What was last written; null when nothing was. */
export async function readPointer(folder: CaddyFolder, app: string): Promise<Pointer | null> {
  const text = await readIfPresent(join(pointerOf(folder, app), "pointing.json"));
  return text === undefined ? null : (JSON.parse(text) as Pointer);
}

async function present(now: string): Promise<number> {
  return Number((await readlink(now).catch(() => "p0")).slice(1));
}

/** The one before stays: Caddy may be about to open a file in it. */
async function removeOlder(site: string, number: number): Promise<void> {
  const old = (await readdir(site)).filter((name) => /^p\d+$/.test(name) && Number(name.slice(1)) < number);
  for (const name of old) await rm(join(site, name), { recursive: true, force: true });
}
