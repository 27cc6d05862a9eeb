import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Behaviour } from "../contract/target.suite.ts";
import { aplomoWhile, type AgendaRig, type Run } from "./agenda.ts";
import { removeBesides, swarmGround } from "./swarm-ground.ts";
import { swarmRig, type SwarmRig } from "./swarm.ts";

/** A service with a task on each of the swarm's two nodes, behind a Caddy on the first, deployed with the command itself. */
export interface SwarmFront {
  rig: SwarmRig;
  /** Where requests come in. */
  url: string;
  put(version: string, behaviour?: Behaviour): Promise<void>;
  run(...args: string[]): Promise<Run>;
  close(): Promise<void>;
}

export async function swarmFront(): Promise<SwarmFront> {
  const ground = await swarmGround();
  const { folder, edge } = ground;
  const create = ["--network", ground.network, "--endpoint-mode", "dnsrr", "--stop-grace-period", "3s"];
  const rig = await swarmRig({ folder, create });
  const env = { ...process.env, APLOMO_HOME: join(folder, "home") };
  const own = { folder, env } as unknown as AgendaRig;
  return {
    rig,
    url: ground.url,
    // The edge has the port to itself until it runs.
    run: (...args) => aplomoWhile(own, "switch.beside", ground.open, ...args),
    async put(version, behaviour = "good") {
      await rig.change({ version, behaviour });
      await writeFile(join(folder, ".env"), `BEHAVIOUR=${behaviour}\n`, { mode: 0o600 });
      const config = {
        app: rig.app,
        target: { kind: "swarm", service: rig.app, image: rig.image, replicas: 2, start_timeout: "120s" },
        edge,
        env: { file: ".env" },
        health: { path: "/", port: 3000, within: "6s", watch: "1s" },
      };
      await writeFile(join(folder, "aplomo.yml"), stringify(config));
    },
    async close() {
      await removeBesides(rig.app);
      await rig.close();
      await ground.close();
    },
  };
}
