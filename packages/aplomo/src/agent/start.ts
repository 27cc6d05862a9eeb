import { open } from "node:fs/promises";
import { dirname } from "node:path";
import type { Context } from "../host/context.ts";
import { runVariable } from "./carry-out.ts";
import type { Registered } from "./registry.ts";
import { outputOf, type Run } from "./runs.ts";

/** How a run is begun; resolves when its process has ended. */
export type Start = (app: Registered, run: Run) => Promise<void>;

/** Aplomo itself: the Node and the program that run now. A schedule has no PATH of a login shell. */
export type Program = readonly [node: string, ...script: string[]];

/** Begins a run in a process of its own, which outlives the agent: heavy work never grows what stays in memory. */
export function startAsProcess(ctx: Context, program: Program): Start {
  return async (app, run) => {
    const output = await open(outputOf(run.folder), "a", 0o600);
    try {
      const child = ctx.host.spawn(
        {
          argv: [...program, ...run.argv, "--config", app.config, "--json"],
          cwd: dirname(app.config),
          env: { [runVariable]: run.folder, APLOMO_HOME: ctx.home },
        },
        ["ignore", output.fd, output.fd],
      );
      child.leave();
      await child.ended;
    } finally {
      await output.close();
    }
  };
}
