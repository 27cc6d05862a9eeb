import type { Policy } from "../../backup/policy.ts";
import type { Config } from "../../config/config.ts";
import type { Database } from "../../databases/contract.ts";
import type { Edge, Upstream } from "../../edges/contract.ts";
import type { Context } from "../../host/context.ts";
import type { ReleaseFolder, Target, Unit } from "../../targets/contract.ts";
import type { Kept } from "../../targets/kept.ts";
import { maskEnvironment } from "../../targets/release-env.ts";
import type { SeenDeployments } from "../observed.ts";

/** An application to be looked at. */
export interface Patient {
  ctx: Context;
  config: Config;
  target: Target;
  edge: Edge;
  databases: readonly Database[];
  policy: Policy;
  /** The release in front. */
  release: ReleaseFolder | null;
  /** Its services. */
  services: string[];
  /** Those of them that run on as an earlier release started them. */
  kept: Kept;
  /** What a unit is asked for its health; undefined: it is not. */
  healthPath: (unit: Unit) => string | undefined;
  /** Where the edge should point. */
  upstreams: () => Promise<Upstream[]>;
  deployments: () => Promise<SeenDeployments>;
}

/** Hides the values of the application's environment in what programs say. */
export function maskFor(config: Pick<Config, "environment">): (text: string) => string {
  const values = Object.fromEntries([...config.environment].map(([name, { value }]) => [name, value.reveal()]));
  return (text) => maskEnvironment(text, values);
}
