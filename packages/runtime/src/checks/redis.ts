import type { Check, CheckOptions } from "../health/check.ts";

/** Sends a `PING`, through node-redis or ioredis. */
export function redis(client: { ping(): Promise<unknown> }, options: CheckOptions = {}): Check {
  return { ...options, ask: () => client.ping() };
}
