import { readdir, readFile } from "node:fs/promises";
import { poll } from "../base/time.ts";
import type { Host } from "./run.ts";

/** A process that a later Aplomo must recognise: ids are given again, the moment of a start is not. */
export interface Identity {
  pid: number;
  started: string;
}

/** When the process started, in the system's own words; undefined when there is none. Of a zombie too: it has ended. */
export async function startOf(host: Host, pid: number): Promise<string | undefined> {
  if (process.platform !== "linux") {
    const { code, stdout } = await host.attempt({ argv: ["ps", "-o", "lstart=", "-p", String(pid)] });
    return code === 0 ? stdout.trim() || undefined : undefined;
  }
  const fields = await stat(pid);
  if (!fields || fields.state === "Z") return undefined;
  const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  return `${boot} ${fields.started}`;
}

export async function isAlive(host: Host, { pid, started }: Identity): Promise<boolean> {
  return (await startOf(host, pid)) === started;
}

/** Ends a process and the group it leads: asked first, forced after `grace` milliseconds. */
export async function endGroup(host: Host, identity: Identity, grace = 5_000): Promise<void> {
  if (!(await isAlive(host, identity))) return;
  send(identity.pid, "SIGTERM");
  await poll(async () => ((await isAlive(host, identity)) ? undefined : true), { limit: grace, every: 50 });
  // Also when it has ended: what it started may have stayed.
  send(identity.pid, "SIGKILL");
  await poll(async () => ((await isAlive(host, identity)) ? undefined : true), { limit: grace, every: 50 });
}

/** To the group; where there is none (no `setsid` on the machine), to the process. */
function send(pid: number, signal: NodeJS.Signals): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

/** The process and everything it started, directly or not; Linux only. */
export async function descendants(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const fields = await stat(Number(name));
    if (fields) parents.set(Number(name), fields.parent);
  }
  const found = [pid];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found;
}

async function stat(pid: number): Promise<{ state: string; parent: number; started: string } | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in brackets, which may hold spaces and brackets itself.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", parent: Number(fields[1]), started: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}
