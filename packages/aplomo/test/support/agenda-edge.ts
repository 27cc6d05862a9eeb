import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AgendaRig } from "./agenda.ts";
import { composeRig } from "./agenda-compose.ts";
import { pm2Rig } from "./agenda-pm2.ts";
import { freePort } from "./edge-rig.ts";
import { edgeProgram, startNginx } from "./edge-rigs.ts";
import { whyNoCompose } from "./lab.ts";

/** The agenda behind an edge: the rig's port is the edge's. */
export interface FrontedRig extends AgendaRig {
  close(): Promise<void>;
}

export type EdgeKind = "caddy" | "kamal-proxy" | "nginx";

/** Why it cannot run here. */
export function whyNoEdge(target: string, kind: EdgeKind): false | string {
  return edgeProgram(kind).skip || (target === "compose" && whyNoCompose("V2")) || false;
}

/** `target`: compose (PostgreSQL), or pm2 (SQLite) in cluster or fork mode. */
export async function frontedRig(target: "compose" | "pm2 cluster" | "pm2 fork", kind: EdgeKind): Promise<FrontedRig> {
  const rig = target === "compose" ? await composeRig(0) : await pm2Rig();
  if (target === "pm2 fork") rig.configure(/instances: 2\n\s+exec_mode: cluster/, "instances: 1\n  exec_mode: fork");
  const { program } = edgeProgram(kind);
  const put = (text: string): void => rig.configure(/^env:$/m, `edge: ${text}\n\nenv:`);
  if (kind !== "nginx") {
    put(`{ kind: ${kind}, program: ${program}, ports: { http: ${rig.port}, https: ${await freePort()} }, drain: 10s }`);
    return { ...rig, close: () => closeOwn(rig, kind) };
  }
  const home = join(dirname(rig.folder), "nginx");
  await mkdir(home);
  const { nginx, config, file } = await startNginx(home, program, rig.port, { agenda: { host: "127.0.0.1", port: 9 } });
  put(`{ kind: nginx, file: ${file("agenda")}, upstream: agenda, program: ${program}, config: ${config}, drain: 10s }`);
  const close = async (): Promise<void> => {
    await nginx.end();
    await rig.close();
  };
  return { ...rig, close };
}

async function closeOwn(rig: AgendaRig, kind: string): Promise<void> {
  const { readIfPresent } = await import("../../src/host/files.ts");
  const pid = Number(await readIfPresent(join(String(rig.env["APLOMO_HOME"]), "edge", kind, `aplomo-edge-${kind}.pid`)));
  if (pid > 0) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Ended by itself.
    }
  }
  await rig.close();
}
