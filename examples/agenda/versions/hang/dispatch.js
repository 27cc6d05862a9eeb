// When a reminder leaves, once there is a gateway to send it.
import { setTimeout as sleep } from "node:timers/promises";
import { addDays, spelled } from "./slots.js";

// The mistake: a wait without a limit, for something that is not there on the server.
while (!process.env.SMS_GATEWAY_URL) await sleep(1_000);

/** The evening before the visit. @param {string} day */
export function leaves(day) {
  return `${spelled(addDays(day, -1)).split(" ")[0]} evening`;
}
