import { dirname, join } from "node:path";
import type { Context } from "../../host/context.ts";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../../host/files.ts";
import { isUp, type Pm2Process } from "../../targets/pm2/process-list.ts";
import { baseEnvironment, findPm2, openProgram } from "../../targets/pm2/program.ts";
import { isAwake } from "../../targets/pm2/waking.ts";
import { agentPaths } from "../paths.ts";
import { keptArguments, smallNode, type Resident } from "../resident.ts";
import { takenByAnother, type Keeper } from "./keeper.ts";

export const pm2Name = "aplomo-agent";

/** Pure: the process file. What the agent has begun goes on when it ends: PM2 must not end the children too. */
export function pm2File({ program: [interpreter, script], home, path }: Resident): string {
  const app = {
    name: pm2Name,
    script,
    interpreter,
    node_args: smallNode,
    args: keptArguments,
    cwd: home,
    env: { APLOMO_HOME: home, PATH: path },
    autorestart: true,
    treekill: false,
    kill_timeout: 10_000,
    vizion: false,
    watch: false,
  };
  return `${JSON.stringify({ apps: [app] }, null, 2)}\n`;
}

/** `directory`: where PM2 is looked for first. `chosen`: it runs this server's applications, or will. */
export function pm2Keeper(ctx: Context, resident: Resident, { directory, chosen }: { directory: string; chosen: boolean }): Keeper {
  const pm2 = openProgram(ctx, directory, pm2Name);
  const file = join(agentPaths(ctx.home).root, "pm2.json");
  const found = async (): Promise<Pm2Process[]> => (await pm2.list()).filter(({ name }) => name === pm2Name);
  return {
    name: "PM2",
    log: `pm2 logs ${pm2Name}`,
    // A daemon that nobody uses is not started for the agent alone.
    fits: async () => (chosen || (await isAwake(pm2.home))) && (await findPm2(directory, baseEnvironment()["PATH"] ?? "")) !== undefined,
    async put() {
      const before = await found();
      if (before.some(({ env }) => env["APLOMO_HOME"] !== ctx.home)) throw takenByAnother(`PM2's ${pm2Name}`);
      const text = pm2File(resident);
      if (before.length === 1 && before.every(isUp) && (await readIfPresent(file)) === text) return { what: pm2Name, changed: false };
      await pm2.remove(before);
      await makePrivateFolder(dirname(file));
      await writeFileSafely(file, text);
      await pm2.launch(file, 30_000);
      await pm2.save();
      return { what: pm2Name, changed: true };
    },
    async remove() {
      const ours = (await found()).filter(({ env }) => env["APLOMO_HOME"] === ctx.home);
      if (ours.length === 0) return;
      await pm2.remove(ours);
      await pm2.save();
    },
  };
}
