import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AgendaRig } from "./agenda.ts";
import { composeRig } from "./agenda-compose.ts";
import { pm2Rig } from "./agenda-pm2.ts";
import { freePort } from "./edge-rig.ts";
import { edgeProgram, startNginx, startTraefik } from "./edge-rigs.ts";
import { whyNoCompose } from "./lab.ts";

/** The agenda behind an edge: the rig's port is the edge's. */
export interface FrontedRig extends AgendaRig {
  close(): Promise<void>;
}

export type EdgeKind = "caddy" | "kamal-proxy" | "nginx" | "traefik";

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
  if (kind === "traefik") return behindTraefik(rig, target === "compose", program, put);
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

/** As a panel leaves it: Traefik watches the engine too, and the containers carry labels for it. */
async function behindTraefik(rig: AgendaRig, labelled: boolean, program: string, put: (text: string) => void): Promise<FrontedRig> {
  const home = join(dirname(rig.folder), "traefik");
  await mkdir(home);
  const engine = [`--providers.docker.endpoint=${process.env["DOCKER_HOST"]}`, "--providers.docker.exposedbydefault=false"];
  const { traefik, directory } = await startTraefik(home, program, rig.port, labelled ? engine : []);
  const where = `directory: ${directory}, entrypoints: [web], url: "http://127.0.0.1:${rig.port}"`;
  put(`{ kind: traefik, ${where}, drain: 2s }`);
  const router = `agenda-${rig.port}`;
  const labels = {
    "traefik.enable": "true",
    [`traefik.http.routers.${router}.rule`]: "PathPrefix(`/`)",
    [`traefik.http.services.${router}.loadbalancer.server.port`]: "3000",
  };
  if (labelled) rig.configure(/files: \[compose.yml\]/, "files: [compose.yml, labels.yml]");
  return {
    ...rig,
    async assemble(version) {
      await rig.assemble(version);
      // Nothing is published: Traefik has the port.
      const web = `{ labels: ${JSON.stringify(labels)}, ports: !reset [] }`;
      if (labelled) await writeFile(join(rig.folder, "labels.yml"), `services: { web: ${web} }\n`);
    },
    async close() {
      await traefik.end();
      await rig.close();
    },
  };
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
