// When a reminder leaves.
import { addDays, spelled } from "./slots.js";

/** The evening before the visit. @param {string} day */
export function leaves(day) {
  return `${spelled(addDays(day, -1)).split(" ")[0]} evening`;
}
