import type { Context } from "../../host/context.ts";
import { containerLogs, inspectContainers, removeContainers, startContainers, stopContainers } from "../../host/docker.ts";
import type { Command } from "../../host/run.ts";
import type { Program, Runner } from "./runner.ts";

/**
 * A container in the host's network, started again by the engine when it ends or the machine boots. As root inside, since its folder
 * is; its own image's entry point is replaced, so that official and home-made images behave alike.
 */
export function runContainer({ name, folder, args, env }: Program, image: string, program: string): Command {
  const kept = ["--restart", "unless-stopped", "--label", `aplomo.edge=${name}`, "--log-opt", "max-size=10m", "--log-opt", "max-file=3"];
  const inside = ["--network", "host", "--user", "0:0", "--volume", `${folder}:${folder}`, ...variablesOf(env)];
  return {
    argv: ["docker", "container", "run", "--detach", "--name", name, ...kept, ...inside, "--entrypoint", program, image, ...args],
    timeout: 300_000,
  };
}

function variablesOf(env: Record<string, string>): string[] {
  return Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
}

export function containerRunner(ctx: Context, program: Program, image: string, path: string): Runner {
  const { name, env } = program;

  async function find(): Promise<{ running: boolean; image: string } | undefined> {
    const result = await ctx.host.attempt({ ...inspectContainers([name]), timeout: 20_000 });
    if (result.code !== 0) return undefined;
    const [container] = JSON.parse(result.stdout) as { State: { Running: boolean }; Config: { Image: string } }[];
    return container && { running: container.State.Running, image: container.Config.Image };
  }

  return {
    running: async () => (await find())?.running === true,
    async start() {
      const found = await find();
      if (found?.running) {
        if (found.image !== image) {
          ctx.emit({
            type: "warning",
            message: `${name} runs ${found.image}, and aplomo.yml says ${image}: it was left as it is, since starting another interrupts every application`,
            hint: `At a quiet hour: docker stop ${name}. The next deployment starts the one meant.`,
          });
        }
        return;
      }
      if (found?.image === image) return void (await ctx.host.run(startContainers([name])));
      if (found) await ctx.host.run(removeContainers([name]));
      await ctx.host.run(runContainer(program, image, path));
    },
    async stop() {
      if ((await find())?.running) await ctx.host.run(stopContainers([name], 15));
      if (await find()) await ctx.host.run(removeContainers([name]));
    },
    command: (args) => {
      return { argv: ["docker", "container", "exec", ...variablesOf(env), name, path, ...args] };
    },
    said: async (lines) => {
      const result = await ctx.host.attempt({ ...containerLogs(name, { tail: lines }), timeout: 20_000 });
      return `${result.stdout}${result.stderr}`.trim();
    },
  };
}
