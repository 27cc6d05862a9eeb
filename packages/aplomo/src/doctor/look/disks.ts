import { stat, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { engineFolder } from "../../host/docker.ts";
import type { SeenDisk } from "../observed.ts";
import type { Patient } from "./patient.ts";

/** The disks that hold what the application, and Aplomo, must be able to write; each once. */
export async function lookAtDisks(patient: Patient): Promise<SeenDisk[]> {
  const { ctx, config, policy } = patient;
  const files = Object.values(config.settings.databases).flatMap(({ file }) => (file === undefined ? [] : [file]));
  const places: [path: string, holds: string][] = [
    [ctx.home, "releases and journals"],
    [policy.directory, "backups"],
    ...files.map((file): [string, string] => [dirname(resolve(config.directory, file)), "a database"]),
    ...(await ofEngine(patient)),
  ];
  const found = new Map<number, SeenDisk>();
  for (const [wanted, holds] of places) {
    const { path, device } = await nearest(wanted);
    const known = found.get(device);
    if (known) known.holds += known.holds.includes(holds) ? "" : `, ${holds}`;
    else found.set(device, { path, holds, ...(await room(path)) });
  }
  return [...found.values()];
}

export async function room(path: string): Promise<Pick<SeenDisk, "bytes" | "inodes">> {
  const { bavail, bsize, blocks, files, ffree } = await statfs(path);
  return { bytes: { free: bavail * bsize, total: blocks * bsize }, inodes: { free: ffree, total: files } };
}

async function ofEngine({ ctx, config }: Patient): Promise<[string, string][]> {
  if (config.settings.target.kind === "pm2") return [];
  const answer = await ctx.host.attempt(engineFolder(), ctx.signal);
  const folder = answer.code === 0 ? (JSON.parse(answer.stdout) as string) : "";
  // An engine elsewhere has its folder there.
  const isHere = folder !== "" && (await stat(folder).catch(() => undefined)) !== undefined;
  return isHere ? [[folder, "images and volumes"]] : [];
}

/** Where it is, or would be made. */
async function nearest(path: string): Promise<{ path: string; device: number }> {
  for (let at = path; ; at = dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (found || at === dirname(at)) return { path: at, device: found?.dev ?? 0 };
  }
}
