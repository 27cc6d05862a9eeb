import type { Context } from "../../host/context.ts";
import { markOf } from "../../host/mark.ts";
import type { Command } from "../../host/run.ts";
import { containerRunner } from "./container.ts";
import { processRunner } from "./process.ts";

/** An edge's program, as it is to run: one for all applications of a server. */
export interface Program {
  /** `aplomo-edge-caddy`: the container's name, up to a mark of the folder, and the file of the process. */
  name: string;
  /** Absolute; what the edge keeps. In a container it is at the same place. */
  folder: string;
  /** Without the program itself. */
  args: readonly string[];
  /** Nothing secret: it stands in the container's description. */
  env: Record<string, string>;
  /** Where it listens, for one that is in a network of its own. */
  ports: readonly number[];
}

/**
 * How the edge's program is kept running. Both kinds are in the host's own network, so both reach published ports, containers and processes alike;
 * a container that is to reach the tasks of a swarm is in theirs instead.
 */
export interface Runner {
  running(): Promise<boolean>;
  /** Starts it when it does not run; says nothing about whether it works. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** A command of the same program, for its own command line. */
  command(args: readonly string[]): Command;
  /** What the program said last. */
  said(lines: number): Promise<string>;
}

/** A container of `image` or, without one, a process of `program`. */
export type RunBy = { image: string; program: string; network?: string } | { image?: undefined; program: string };

export function openRunner(ctx: Context, program: Program, by: RunBy): Runner {
  if (by.image === undefined) return processRunner(ctx, program, by.program);
  return containerRunner(ctx, { ...program, name: `${program.name}-${markOf(program.folder)}` }, by);
}
