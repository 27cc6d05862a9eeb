import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { readIfPresent } from "../../host/files.ts";
import { descendants } from "../../host/liveness.ts";
import { sockets, socketsOf } from "../../host/sockets.ts";
import type { Unit } from "../contract.ts";
import { compareVariables, type Examined, type Listener, type Program } from "../examined.ts";
import { portOf, type Pm2Process } from "./process-list.ts";

/** `meant`: the environment that the present files give it. */
export async function examine(process: Pm2Process, unit: Unit, meant: Record<string, string>): Promise<Examined> {
  const { settings, env } = process;
  const limit = Number(settings["max_memory_restart"] ?? 0);
  const interpreter = settings["exec_interpreter"];
  const args = Array.isArray(settings["args"]) ? settings["args"].map(String) : [];
  return {
    unit,
    data: false,
    command: [...(typeof interpreter === "string" && interpreter !== "none" ? [interpreter] : []), process.script, ...args],
    error: null,
    outOfMemory: false,
    memory: limit > 0 && process.memory > 0 ? { used: process.memory, limit } : null,
    listening: await listeningOf(process),
    port: portOf(process, 0) || null,
    networks: [],
    mounts: [],
    user: null,
    healthOutput: null,
    image: null,
    variables: compareVariables(meant, env),
    program: await programOf(process),
  };
}

/** The listening socket of a cluster is the daemon's: nothing shows whose it is. */
async function listeningOf({ pid, clustered }: Pm2Process): Promise<Listener[] | null> {
  if (clustered || pid <= 0 || process.platform !== "linux") return null;
  const held = new Set((await Promise.all((await descendants(pid)).map(socketsOf))).flat());
  return (await sockets()).flatMap(({ inode, listens, port, loopback }) => (listens && held.has(inode) ? [{ port, loopback }] : []));
}

async function programOf({ script, cwd, status, settings }: Pm2Process): Promise<Program> {
  const node = settings["node_version"];
  return {
    folder: cwd,
    folderExists: existsSync(cwd),
    script,
    scriptExists: existsSync(script),
    node: typeof node === "string" && /^\d/.test(node) ? node : null,
    wanted: await wantedNode(dirname(script)),
    givenUp: status === "errored",
  };
}

/** `engines.node` of the package.json that is nearest. */
async function wantedNode(folder: string): Promise<string | null> {
  for (let at = folder; ; at = dirname(at)) {
    const text = await readIfPresent(join(at, "package.json")).catch(() => undefined);
    if (text !== undefined) return enginesOf(text);
    if (at === dirname(at)) return null;
  }
}

function enginesOf(text: string): string | null {
  try {
    const { engines } = JSON.parse(text) as { engines?: { node?: unknown } };
    return typeof engines?.node === "string" ? engines.node : null;
  } catch {
    return null;
  }
}
