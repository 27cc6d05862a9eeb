import { AplomoError } from "../base/errors.ts";
import type { EdgeFacts } from "./contract.ts";

/** The version of an edge that is the user's own; throws with the first reason why it cannot be used. */
export function usable(name: string, { version, refusals: [first] }: EdgeFacts): string | null {
  if (first) throw new AplomoError({ operation: "use", subject: name, cause: first.message, hint: first.hint });
  return version;
}
