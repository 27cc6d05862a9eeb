import { need } from "./need.ts";

/**
 * Why a test that needs the lab's engine cannot run, or undefined. A machine on which the lab cannot start says so with
 * APLOMO_LAB_UNAVAILABLE, and is forgiven also in CI.
 */
export function whyNoLab(): string | undefined {
  const unavailable = process.env["APLOMO_LAB_UNAVAILABLE"];
  if (unavailable) return unavailable;
  return need(process.env["APLOMO_LAB"] === "1", 'the lab is not in reach: script/lab up; eval "$(script/lab env)"') || undefined;
}

/** As `whyNoLab`, for a test that needs one compose generation: `V2`, or the old `V1`. */
export function whyNoCompose(generation: "V1" | "V2"): string | undefined {
  return (
    whyNoLab() ?? (need(Boolean(process.env[`APLOMO_LAB_COMPOSE_${generation}`]), `the lab has no compose ${generation}`) || undefined)
  );
}

/** As `whyNoLab`, for a test that needs the lab's open registry. */
export function whyNoRegistry(): string | undefined {
  return whyNoLab() ?? (need(Boolean(process.env["APLOMO_LAB_REGISTRY"]), "the lab has no registry: script/lab up registry") || undefined);
}

/** As `whyNoRegistry`, for a test that needs the lab's servers. */
export function whyNoHosts(): string | undefined {
  return (
    whyNoRegistry() ?? (need(Boolean(process.env["APLOMO_LAB_SSH_CONFIG"]), "the lab has no servers: script/lab up hosts") || undefined)
  );
}
