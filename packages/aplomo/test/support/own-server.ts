import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { poll } from "../../src/base/time.ts";
import { docker } from "./compose.ts";
import { smallDisk } from "./disk.ts";
import type { Place } from "./remote-place.ts";
import { root } from "./root.ts";

/** A server of one test's own: it may be killed, filled and started again. */
export interface OwnServer extends Place {
  address: string;
  /** Where its account keeps applications: a disk of its own, which outlives a reboot. */
  apps: string;
  /** Runs a command as root once the next run of an application says what the pattern looks for. Resolves when it waits. */
  when(app: string, pattern: string, command: string): Promise<{ acted: Promise<void>; forget(): void }>;
  /** Until its engine answers. */
  ready(): Promise<void>;
  /** Again, after all of it has ended. */
  start(): Promise<void>;
}

const account = "deploy";
/** As the lab's servers are, with a small disk for Aplomo. */
export async function ownServer(name: string, megabytes = 48): Promise<OwnServer> {
  const lab = join(process.env["APLOMO_LAB_HOME"] ?? "", "ssh");
  const fixture = join(root, "packages/aplomo/test/fixtures/server");
  await docker("build", "--quiet", "--tag", "aplomo-test/server", fixture);
  const folder = await mkdtemp(join(tmpdir(), "aplomo-server-"));
  const disk = await smallDisk(megabytes);
  if (!disk) throw new Error("no disk may be mounted here");
  await copyFile(join(lab, "key.pub"), join(folder, "authorized_keys"));
  await copyFile(join(fixture, "when.cjs"), join(folder, "when.cjs"));
  const state = `/home/${account}/.local/state`;
  const apps = `${state}/aplomo/apps`;
  const mounts = [`${disk.folder}:${apps}`, `${folder}:/lab`, `${process.execPath}:/lab-node:ro`, "/sys/fs/cgroup:/sys/fs/cgroup:rw"];
  // A reboot must not give it another address.
  const ip = `172.30.${100 + randomInt(100)}.${1 + randomInt(250)}`;
  const capabilities = JSON.parse(await docker("inspect", "--format", "{{json .HostConfig.CapAdd}}", "s1")) as string[];
  const options = ["--name", name, "--hostname", name, "--network", "lab", "--ip", ip, "--stop-timeout", "30", "--tmpfs", "/run:exec"];
  options.push(...capabilities.flatMap((capability) => ["--cap-add", capability]), ...mounts.flatMap((mount) => ["--volume", mount]));
  options.push("--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined", "--volume", "/var/lib/docker");
  await docker("run", "--detach", ...options, "aplomo-test/server");
  const asRoot = (script: string): Promise<string> => docker("exec", name, "sh", "-c", script);
  const ready = async (): Promise<void> => {
    const up = await poll(() => asRoot("docker info >/dev/null && pgrep -x sshd >/dev/null && echo up").catch(() => undefined), {
      limit: 90_000,
    });
    if (up !== "up") throw new Error(`the engine inside ${name} does not answer`);
  };
  await ready();
  await asRoot(`chown ${account}: /home/${account}/.local ${state} ${state}/aplomo ${apps}; chmod 700 ${apps} ${state}/aplomo`);
  const waiting = new Set<() => void>();
  return {
    address: ip,
    apps,
    hostname: ip,
    user: account,
    identity: join(lab, "key"),
    known: `${ip} ${await asRoot("cat /etc/ssh/ssh_host_ed25519_key.pub")}\n`,
    asRoot,
    ready,
    async start() {
      // Its last process is only just ending, maybe.
      await docker("wait", name);
      await docker("start", name);
      await ready();
    },
    async when(app, pattern, command) {
      const argv = ["exec", "--interactive", name, "/lab-node", "/lab/when.cjs", `${apps}/${app}/runs`, pattern, command];
      const child = spawn("docker", argv, { stdio: ["pipe", "pipe", "inherit"] });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const forget = (): void => void child.kill("SIGKILL");
      waiting.add(forget);
      const ended = once(child, "close").then(() => waiting.delete(forget));
      if ((await lines.next()).value !== "waiting") throw new Error(`nothing waits in ${name}`);
      // Also when it takes the watcher with it.
      return { acted: ended.then(() => {}), forget };
    },
    async close() {
      for (const forget of waiting) forget();
      await docker("rm", "--force", "--volumes", name);
      await disk.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
