import { existsSync } from "node:fs";
import { parseDuration } from "../time.ts";

/** Who ends this process by force, and when. */
export interface Supervisor {
  /** For a person, with the name of the setting. */
  setting: string;
  /** Milliseconds from the first signal to SIGKILL. */
  killTime: number;
}

/**
 * Reads from the environment who supervises this process. PM2 hands its settings down and kills after 1,600 ms unless told
 * otherwise (its constants.js); Kubernetes after 30 s; Docker after 10 s. What Docker and Kubernetes were told cannot be seen
 * from inside: `APLOMO_KILL_TIMEOUT` (`30s`) says it. Undefined when nothing is known.
 */
export function findSupervisor(env: NodeJS.ProcessEnv, inContainer: boolean = existsSync("/.dockerenv")): Supervisor | undefined {
  const told = env.APLOMO_KILL_TIMEOUT === undefined ? undefined : parseDuration(env.APLOMO_KILL_TIMEOUT);
  if (told !== undefined) return { setting: "APLOMO_KILL_TIMEOUT", killTime: told };
  if (env.pm_id !== undefined) return { setting: "PM2's kill_timeout", killTime: Number(env.kill_timeout) || 1_600 };
  if (env.KUBERNETES_SERVICE_HOST !== undefined) return { setting: "Kubernetes' terminationGracePeriodSeconds", killTime: 30_000 };
  if (inContainer) return { setting: "Docker's stop_grace_period", killTime: 10_000 };
  return undefined;
}

/** Milliseconds that must lie between the deadline and the kill: time to log and exit. */
export const margin = 500;

/** What to say when the supervisor kills before the deadline; undefined when all is well. */
export function killWarning(supervisor: Supervisor | undefined, deadline: number): string | undefined {
  if (!supervisor || supervisor.killTime >= deadline + margin) return undefined;
  const { setting, killTime } = supervisor;
  const advice = `set ${setting} to ${deadline + 1_000} ms or more, or the deadline to ${Math.max(0, killTime - margin)} ms or less`;
  return `${setting} kills after ${killTime} ms, before the deadline of ${deadline} ms: slow requests will be lost; ${advice}`;
}
