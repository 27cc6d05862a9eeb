import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { poll } from "../../src/base/time.ts";

const run = promisify(execFile);

/** A server and an account on it, as a laptop is told of them. */
export interface Place {
  hostname: string;
  user: string;
  identity: string;
  /** Lines for known_hosts. */
  known: string;
  /** A script as root, past the account. */
  asRoot(script: string): Promise<string>;
  close(): Promise<void>;
}

const lab = (): string => process.env["APLOMO_LAB_SSH_CONFIG"] ?? "";

async function labSetting(name: string): Promise<string> {
  const { stdout } = await run("ssh", ["-G", "-F", lab(), "s1"]);
  return new RegExp(`^${name} (.+)$`, "m").exec(stdout)?.[1] ?? "";
}

/** An account of its own on the lab's first server, which may use the engine. */
export async function accountOnServer(name: string): Promise<Place> {
  const asRoot = async (script: string): Promise<string> => {
    const { stdout } = await run("ssh", ["-F", lab(), "s1", script], { maxBuffer: 1 << 26 });
    return stdout.trim();
  };
  await asRoot(
    `useradd --create-home --shell /bin/bash --groups docker ${name} && install -d -o ${name} -g ${name} -m 700 /home/${name}/.ssh` +
      ` && install -o ${name} -g ${name} -m 600 /lab/authorized_keys /home/${name}/.ssh/authorized_keys`,
  );
  return {
    hostname: await labSetting("hostname"),
    user: name,
    identity: await labSetting("identityfile"),
    known: await readFile(await labSetting("userknownhostsfile"), "utf8"),
    asRoot,
    async close() {
      // The agent that `setup` left would be begun anew for ever.
      await asRoot(`docker rm -f aplomo-agent-${name} >/dev/null 2>&1; true`);
      // A run of this account may still be coming to its end.
      await poll(async () => ((await asRoot(`pgrep -u ${name} || true`)) === "" ? true : undefined), { limit: 15_000, every: 300 });
      await asRoot(`pkill -KILL -u ${name}; userdel --remove ${name} 2>/dev/null; rm -rf /home/${name}; true`);
    },
  };
}
