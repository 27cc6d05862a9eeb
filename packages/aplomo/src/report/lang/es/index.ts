import type { Catalogue } from "../say.ts";
import { audit } from "./audit/index.ts";
import { checklist } from "./checklist.ts";
import { counts } from "./counts.ts";
import { doctor } from "./doctor/index.ts";
import { errors } from "./errors/index.ts";
import { failures } from "./failures.ts";
import { help } from "./help.ts";
import { hints } from "./hints.ts";
import { failed } from "./operations.ts";
import { results } from "./results.ts";
import { steps } from "./steps.ts";

/**
 * Spanish. A release is a versión, a unit a unidad, a gate a control, what stands in front el proxy; whoever is in front está en
 * servicio. Names that are typed (commands, options, keys of aplomo.yml, ids of steps and rules) stay as they are.
 */
export const spanish: Catalogue = {
  ...failed,
  ...counts,
  ...audit,
  ...doctor,
  ...errors,
  ...results,
  ...checklist,
  ...steps,
  ...failures,
  ...hints,
  ...help,
};

/** `a el servidor` is one word less. */
export function contracted(text: string): string {
  return text.replace(/\b(a|de) el (?=[a-zñ])/g, "$1l ");
}
