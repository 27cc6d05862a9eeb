import type { Context } from "../../host/context.ts";
import {
  containerLogs,
  execInContainer,
  inspectContainers,
  removeContainers,
  runContainer,
  startContainers,
  stopContainers,
} from "../../host/docker.ts";
import type { Program, Runner } from "./runner.ts";

export function containerRunner(ctx: Context, program: Program, by: { image: string; program: string; network?: string }): Runner {
  const { image, program: path, network } = by;
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
      await ctx.host.run(runContainer({ ...program, image, program: path, ...(network === undefined ? {} : { network }) }));
    },
    async stop() {
      if ((await find())?.running) await ctx.host.run(stopContainers([name], 15));
      if (await find()) await ctx.host.run(removeContainers([name]));
    },
    command: (args) => execInContainer(name, env, [path, ...args]),
    said: async (lines) => {
      const result = await ctx.host.attempt({ ...containerLogs(name, { tail: lines }), timeout: 20_000 });
      return `${result.stdout}${result.stderr}`.trim();
    },
  };
}
