import type { GlobalOptions } from "../options.ts";
import { runDeployment } from "./deploy.ts";

export function run(options: GlobalOptions & { migrate?: boolean; image?: string[] }): Promise<number> {
  return runDeployment(options, { action: "rehearse", migrate: options.migrate ?? false }, options.image);
}
