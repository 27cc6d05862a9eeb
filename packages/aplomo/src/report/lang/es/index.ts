import type { Catalogue } from "../say.ts";
import { checklist } from "./checklist.ts";
import { failures } from "./failures.ts";
import { help } from "./help.ts";
import { hints } from "./hints.ts";
import { results } from "./results.ts";
import { steps } from "./steps.ts";

/**
 * Spanish. A release is a versión, a unit a unidad, a gate a control, what stands in front el proxy; whoever is in front está en
 * servicio. Names that are typed (commands, options, keys of aplomo.yml, ids of steps and rules) stay as they are.
 */
export const spanish: Catalogue = { ...results, ...checklist, ...steps, ...failures, ...hints, ...help };
