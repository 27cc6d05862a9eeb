import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { poll } from "../../src/base/time.ts";
import { local } from "../../src/host/local.ts";
import { onEngine } from "./swarm.ts";

/** One server of a swarm: its engine's own interface, and its address. */
export interface Server {
  name: string;
  /** As `DOCKER_HOST`. */
  socket: string;
  address: string;
  /** Docker as a person calls it there. */
  docker(...args: string[]): Promise<string>;
}

export interface TwoManagers {
  leader: Server;
  /** A manager too, which asks the leader for each change. */
  other: Server;
  close(): Promise<void>;
}

/** A swarm of two managers of its own, as the lab's servers are made: its agreement can be taken away without anybody else's. */
export async function twoManagers(): Promise<TwoManagers> {
  const folder = await mkdtemp(join(tmpdir(), "aplomo-managers-"));
  const names = ["m1", "m2"].map((name) => `${basename(folder).toLowerCase()}-${name}`);
  const close = async (): Promise<void> => {
    await onEngine("rm", "--force", "--volumes", ...names).catch(() => "");
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [leader, other] = await Promise.all([server(folder, String(names[0])), server(folder, String(names[1]))]);
    await leader.docker("swarm", "init", "--advertise-addr", leader.address, "--default-addr-pool", "10.211.0.0/16");
    const token = await leader.docker("swarm", "join-token", "--quiet", "manager");
    await other.docker("swarm", "join", "--token", token, `${leader.address}:2377`);
    const reachable = async (): Promise<true | undefined> =>
      (await other.docker("node", "ls", "--format", "{{.ManagerStatus}}").catch(() => "")).split("\n").sort().join() ===
        "Leader,Reachable" || undefined;
    if (!(await poll(reachable, { limit: 60_000, every: 300 }))) throw new Error("the two managers do not agree");
    return { leader, other, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function server(folder: string, name: string): Promise<Server> {
  const home = join(folder, name);
  await mkdir(home);
  await copyFile(join(process.env["APLOMO_LAB_HOME"] ?? "", "hosts/s1/authorized_keys"), join(home, "authorized_keys"));
  // What the lab's own servers may do, this one may.
  const { CapAdd, SecurityOpt } = JSON.parse(await onEngine("inspect", "--format", "{{json .HostConfig}}", "s1")) as Record<
    string,
    string[]
  >;
  const may = [...(CapAdd ?? []).flatMap((one) => ["--cap-add", one]), ...(SecurityOpt ?? []).flatMap((one) => ["--security-opt", one])];
  const rooms = [
    "--volume",
    "/var/lib/docker",
    "--volume",
    "/sys/fs/cgroup:/sys/fs/cgroup:rw",
    "--tmpfs",
    "/run:exec",
    "--volume",
    `${home}:/lab`,
  ];
  await onEngine("run", "--detach", "--name", name, "--hostname", name, "--network", "lab", ...may, ...rooms, "aplomo-lab/host");
  const socket = `unix://${join(home, "docker.sock")}`;
  const docker = async (...args: string[]): Promise<string> =>
    (await local.run({ argv: ["docker", "-H", socket, ...args], timeout: 120_000 })).stdout.trim();
  const answers = (): Promise<true | undefined> =>
    docker("info").then(
      () => true as const,
      () => undefined,
    );
  if (!(await poll(answers, { limit: 60_000, every: 300 }))) throw new Error(`the engine of ${name} does not answer`);
  const address = await onEngine("inspect", "--format", "{{.NetworkSettings.Networks.lab.IPAddress}}", name);
  return { name, socket, address, docker };
}
