import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { basename, join } from "node:path";
import { poll } from "../../src/base/time.ts";
import { local } from "../../src/host/local.ts";
import { freePort } from "./edge-rig.ts";
import { edgeProgram } from "./edge-rigs.ts";
import { onEngine, onManager } from "./swarm.ts";

/** What an application needs on the lab's swarm to be behind a Caddy of Aplomo's on the first node. */
export interface SwarmGround {
  /** At the same path here, where Aplomo runs, and on the node, where the engine mounts it. */
  folder: string;
  network: string;
  /** `edge` of aplomo.yml. */
  edge: Record<string, unknown>;
  port: number;
  /** Where requests come in. */
  url: string;
  /** The same at this machine's loopback, once the edge has the port: for the command this machine stands for the node it would run on. */
  open(): void;
  /** Everything but the service itself, which is the caller's. */
  close(): Promise<void>;
}

const server = "172.30.0.11";

export async function swarmGround(): Promise<SwarmGround> {
  const shared = join(process.env["APLOMO_LAB_HOME"] ?? "", "hosts/s1");
  await local.run({ argv: ["docker", "exec", "s1", "sh", "-c", 'mkdir -p "$(dirname "$0")" && ln -sfn /lab "$0"', shared] });
  const folder = await mkdtemp(join(shared, "t"));
  const network = basename(folder);
  const image = `${process.env["APLOMO_LAB_REGISTRY"]}/aplomo-test/caddy:2`;
  await putCaddy(folder, image);
  const ports = { http: await freePort(), https: await freePort() };
  await onManager("network", "create", "--driver", "overlay", "--attachable", network);
  let door: Server | undefined;
  return {
    folder,
    network,
    edge: { kind: "caddy", image, program: "/caddy", network, ports, drain: "10s" },
    port: ports.http,
    url: `http://${server}:${ports.http}/`,
    open: () => (door ??= forward(ports.http)),
    async close() {
      door?.close();
      const edges = await onManager("ps", "--all", "--quiet", "--filter", `network=${network}`, "--filter", "label=aplomo.edge");
      for (const id of edges.split("\n").filter(Boolean)) await onManager("rm", "--force", id);
      await local.attempt({ argv: ["docker", "exec", "s1", "sh", "-c", 'rm -rf "/lab/$0"', network] });
      // Its containers leave it a moment after they are gone.
      const gone = (): Promise<true | undefined> =>
        onManager("network", "rm", network).then(
          () => true as const,
          () => undefined,
        );
      await poll(gone, { limit: 20_000, every: 500 });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What Aplomo has made beside a service goes. */
export async function removeBesides(service: string): Promise<void> {
  const ids = await onManager("service", "ls", "--quiet", "--filter", `label=aplomo.beside=${service}`);
  for (const id of ids.split("\n").filter(Boolean)) await onManager("service", "rm", id);
}

async function putCaddy(folder: string, image: string): Promise<void> {
  const { program } = edgeProgram("caddy");
  const context = join(folder, "caddy");
  await mkdir(context);
  await copyFile(program, join(context, "caddy"));
  await writeFile(join(context, "Dockerfile"), "FROM scratch\nCOPY caddy /caddy\n");
  await onEngine("build", "--quiet", "--tag", image, context);
  await onEngine("push", "--quiet", image);
  await rm(context, { recursive: true });
}

function forward(port: number): Server {
  const listener = createServer((from) => {
    const to = connect(port, server);
    const pairs = [
      [from, to],
      [to, from],
    ] as const;
    for (const [one, other] of pairs) one.pipe(other).on("error", () => one.destroy());
  });
  return listener.listen(port, "127.0.0.1");
}
