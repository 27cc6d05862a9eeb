import type { GracefulOptions } from "./graceful/options.ts";
import { parseDuration } from "./time.ts";

/**
 * What the preload reads from the environment: APLOMO_DRAIN and APLOMO_DEADLINE (durations: `500ms`, `8s`), APLOMO_HEALTH=off,
 * APLOMO_HEALTH_PREFIX, APLOMO_STATUS_TOKEN, APLOMO_METRICS=on. Throws, naming the variable, when a duration is none.
 */
export function autoOptions(env: NodeJS.ProcessEnv): GracefulOptions {
  const options: GracefulOptions = {};
  for (const [option, name] of [
    ["drain", "APLOMO_DRAIN"],
    ["deadline", "APLOMO_DEADLINE"],
  ] as const) {
    const text = env[name];
    if (text === undefined) continue;
    const ms = parseDuration(text);
    if (ms === undefined) throw new Error(`${name} must be a duration such as 500ms or 8s`);
    options[option] = ms;
  }
  if (env.APLOMO_HEALTH === "off") return { ...options, health: false };
  const health: NonNullable<Exclude<GracefulOptions["health"], false>> = { metrics: env.APLOMO_METRICS === "on" };
  if (env.APLOMO_HEALTH_PREFIX) health.prefix = env.APLOMO_HEALTH_PREFIX;
  if (env.APLOMO_STATUS_TOKEN) health.token = env.APLOMO_STATUS_TOKEN;
  return { ...options, health };
}
