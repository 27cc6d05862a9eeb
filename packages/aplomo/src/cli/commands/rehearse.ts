import type { GlobalOptions } from "../options.ts";
import { runDeployment } from "./deploy.ts";

export function run(options: GlobalOptions & { migrate?: boolean }): Promise<number> {
  return runDeployment(options, { action: "rehearse", migrate: options.migrate ?? false });
}
