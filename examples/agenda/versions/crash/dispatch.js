// When a reminder leaves, and through which gateway.
import { addDays, spelled } from "./slots.js";

// The mistake: the developer's machine has this variable, the server does not.
if (!process.env.SMS_GATEWAY_URL) throw new Error("SMS_GATEWAY_URL is not set");

/** The evening before the visit. @param {string} day */
export function leaves(day) {
  return `${spelled(addDays(day, -1)).split(" ")[0]} evening`;
}
