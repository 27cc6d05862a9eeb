import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { poll } from "../../src/base/time.ts";
import type { Site, Upstream } from "../../src/edges/contract.ts";
import type { EdgeChoice } from "../../src/edges/index.ts";
import { upstreamFile } from "../../src/edges/nginx/upstream-file.ts";
import { need } from "./need.ts";
import { whyNoLab } from "./lab.ts";
import { awaitPort, childrenOf, freePort, makeRig, OwnProgram, type EdgeRig } from "./edge-rig.ts";

/** Caddy or kamal-proxy, run by Aplomo itself. `site`: what every site on it has besides, as HTTPS. */
export function ownEdge(
  kind: "caddy" | "kamal-proxy",
  program: string,
  options: { image?: string; site?: Partial<Site> } = {},
): Promise<EdgeRig> {
  return makeRig(async (home) => {
    const ports = { http: await freePort(), https: await freePort() };
    const run = options.image === undefined ? { program } : { program, image: options.image };
    const choice: EdgeChoice = { kind, run, ports };
    const secure = options.site?.https === true;
    const pid = async (): Promise<number> =>
      Number(await readFile(join(home, "edge", kind, `aplomo-edge-${kind}.pid`), "utf8").catch(() => 0));
    const kill = async (): Promise<void> => {
      const number = await pid();
      if (number === 0) return;
      try {
        process.kill(number, "SIGKILL");
      } catch {
        return;
      }
      const gone = async (): Promise<true | undefined> =>
        (await readFile(`/proc/${number}/cmdline`, "utf8").catch(() => "")) === "" ? true : undefined;
      await poll(gone, { limit: 5_000, every: 20 });
    };
    let last: EdgeChoice = choice;
    return {
      choice: () => (last = choice),
      door: { port: secure ? ports.https : ports.http, ...(secure ? { secure } : {}) },
      plain: { port: ports.http },
      async restart() {
        await kill();
        // What a supervisor does is here what the next deployment does first.
        const { openEdge } = await import("../../src/edges/index.ts");
        const { local } = await import("../../src/host/local.ts");
        const sites = {
          app: "shop",
          hosts: ["shop.test"],
          path: "/",
          https: false,
          certificate: null,
          health: "/health",
          drain: 8_000,
          ...options.site,
        };
        await openEdge(
          { host: local, emit: () => {}, signal: new AbortController().signal, home, now: () => new Date() },
          sites,
          last,
        ).ensure();
        await awaitPort(ports.http);
      },
      pids: async () => [await pid()],
      close: kill,
      ...(options.site ? { site: options.site } : {}),
    };
  });
}

/** An nginx as a team has it: a server block each for two applications, with a file of Aplomo's included. */
export function nginxEdge(program: string): Promise<EdgeRig> {
  return makeRig(async (home) => {
    const port = await freePort();
    // nginx does not start without the files; until the first switch nobody answers behind them.
    const nobody = { host: "127.0.0.1", port: 9 };
    const { nginx, file, config } = await startNginx(home, program, port, { shop: nobody, blog: nobody });
    return {
      choice: (app) => ({ kind: "nginx", file: file(app), upstream: app, program, config }),
      door: { port },
      async restart() {
        await nginx.end();
        await nginx.start();
      },
      pids: async () => [nginx.pid, ...(await childrenOf(nginx.pid))],
      close: () => nginx.end(),
    };
  });
}

/** An nginx in front of these, each under its own host name. */
export async function startNginx(
  home: string,
  program: string,
  port: number,
  behind: Record<string, Upstream>,
): Promise<{ nginx: OwnProgram; config: string; file: (app: string) => string }> {
  const file = (app: string): string => join(home, `${app}.upstream.conf`);
  await mkdir(join(home, "temp"));
  for (const [app, upstream] of Object.entries(behind)) await writeFile(file(app), upstreamFile(app, [upstream]));
  const config = join(home, "nginx.conf");
  await writeFile(config, nginxConfig(home, port, Object.keys(behind), file));
  const nginx = new OwnProgram([program, "-c", config], port);
  await nginx.start();
  return { nginx, config, file };
}

function nginxConfig(home: string, port: number, apps: readonly string[], file: (app: string) => string): string {
  const server = (app: string): string => `
  server {
    listen 127.0.0.1:${port};
    server_name ${app}.test;
    location / {
      proxy_pass http://${app};
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_read_timeout 300s;
    }
  }`;
  const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `  ${name}_temp_path ${home}/temp/${name};`).join("\n");
  return `daemon off;
user root;
worker_processes 2;
pid ${home}/nginx.pid;
error_log ${home}/error.log;
events { worker_connections 4096; }
http {
  access_log off;
${temp}
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
${apps.map((app) => `  include ${file(app)};`).join("\n")}
${apps.map(server).join("\n")}
}
`;
}

/** A Traefik as a panel runs it, watching a folder. */
export function traefikEdge(program: string): Promise<EdgeRig> {
  return makeRig(async (home) => {
    const port = await freePort();
    const { traefik, directory } = await startTraefik(home, program, port);
    return {
      choice: () => ({ kind: "traefik", directory, entryPoints: ["web"], url: `http://127.0.0.1:${port}` }),
      door: { port },
      async restart() {
        await traefik.end();
        await traefik.start();
      },
      pids: async () => [traefik.pid],
      close: () => traefik.end(),
    };
  });
}

/** A Traefik that watches a folder and, with `more`, whatever else its people have it watch. */
export async function startTraefik(
  home: string,
  program: string,
  port: number,
  more: readonly string[] = [],
): Promise<{ traefik: OwnProgram; directory: string }> {
  const directory = join(home, "dynamic");
  await mkdir(directory);
  const words = [
    `--entrypoints.web.address=127.0.0.1:${port}`,
    `--providers.file.directory=${directory}`,
    "--providers.file.watch=true",
    // Its default is 2 s between two changes, which no release notices and thirty switches do.
    "--providers.providersthrottleduration=100ms",
    "--global.checknewversion=false",
    "--global.sendanonymoususage=false",
    "--log.level=FATAL",
  ];
  const traefik = new OwnProgram([program, ...words, ...more], port);
  await traefik.start();
  return { traefik, directory };
}

/** A program the lab has built, and why a test that needs it cannot run. */
export function edgeProgram(name: string): { program: string; skip: false | string } {
  const program = process.env[`APLOMO_LAB_${name.toUpperCase().replaceAll("-", "_")}`] ?? "";
  return { program, skip: whyNoLab() ?? need(program !== "", `the lab has no ${name}: script/lab up edges proxies`) };
}
