import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import type { Context } from "../../host/context.ts";
import {
  engineVersion,
  importNothing,
  inspectContainers,
  inspectImages,
  removeContainers,
  removeImageTag,
  runFromMachine,
  stopContainers,
} from "../../host/docker.ts";
import type { Command } from "../../host/run.ts";
import { residentArgv, type Resident } from "../resident.ts";
import { takenByAnother, type Keeper } from "./keeper.ts";

/** Holds nothing: what the agent needs is the machine's own, Node and Aplomo, the docker client, the databases' programs. */
const image = "aplomo.local/agent:nothing";
const [homeLabel, formLabel] = ["aplomo.agent", "aplomo.agent.form"];
/** The engine makes these itself. */
const own = new Set(["proc", "sys", "dev"]);

interface Found {
  State: { Running: boolean };
  Config: { Labels: Record<string, string> | null };
}

/** Every account of a machine may have its own. */
export function containerName(): string {
  const { uid, username } = userInfo();
  return uid === 0 ? "aplomo-agent" : `aplomo-agent-${username}`;
}

export const imageCommand = (): Command => importNothing(image);

/** The command that begins it; with this machine's folders, as they are now. */
export async function containerCommand(resident: Resident): Promise<Command> {
  const names = (await readdir("/")).filter((name) => !own.has(name)).sort();
  const kinds = await Promise.all(names.map((name) => stat(join("/", name)).catch(() => undefined)));
  const command = {
    name: containerName(),
    image,
    user: process.getuid?.() ?? 0,
    groups: [process.getgid?.() ?? 0, ...(process.getgroups?.() ?? []).filter((group) => group !== process.getgid?.())],
    folders: names.filter((_name, index) => kinds[index]?.isDirectory()).map((name) => join("/", name)),
    env: { APLOMO_HOME: resident.home, PATH: resident.path, HOME: userInfo().homedir },
    argv: residentArgv(resident),
  };
  const form = createHash("sha256").update(JSON.stringify(command)).digest("hex").slice(0, 16);
  return runFromMachine({ ...command, labels: { [homeLabel]: resident.home, [formLabel]: form } });
}

export function containerKeeper(ctx: Context, resident: Resident): Keeper {
  const name = containerName();
  const find = async (): Promise<Found | undefined> => {
    const { code, stdout } = await ctx.host.attempt(inspectContainers([name]), ctx.signal);
    return code === 0 ? (JSON.parse(stdout) as Found[])[0] : undefined;
  };
  const end = async (): Promise<void> => {
    await ctx.host.run(stopContainers([name]), ctx.signal);
    await ctx.host.run(removeContainers([name]), ctx.signal);
  };
  return {
    name: "a container",
    log: `docker logs ${name}`,
    fits: async () => (await ctx.host.attempt(engineVersion(), ctx.signal)).code === 0,
    async put() {
      const before = await find();
      const command = await containerCommand(resident);
      if (before) {
        const labels = before.Config.Labels ?? {};
        if (labels[homeLabel] !== resident.home) throw takenByAnother(`the container ${name}`);
        if (before.State.Running && command.argv.includes(`${formLabel}=${labels[formLabel]}`)) return { what: name, changed: false };
        await end();
      }
      const { code } = await ctx.host.attempt(inspectImages([image]), ctx.signal);
      if (code !== 0) await ctx.host.run(imageCommand(), ctx.signal);
      await ctx.host.run(command, ctx.signal);
      return { what: name, changed: true };
    },
    async remove() {
      const before = await find();
      if (before?.Config.Labels?.[homeLabel] !== resident.home) return;
      await end();
      // Another account's agent may stand on it: then it stays.
      await ctx.host.attempt(removeImageTag(image), ctx.signal);
    },
  };
}
