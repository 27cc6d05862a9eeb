import type { GlobalOptions } from "../options.ts";
import { runDeployment } from "./deploy.ts";

export function run(options: GlobalOptions & { withData?: boolean }, [to]: string[]): Promise<number> {
  return runDeployment(options, { action: "rollback", withData: options.withData ?? false, ...(to === undefined ? {} : { to }) });
}
