// From what a form or a program sent to a booking that can be stored, or to the reason why not.
import { Refusal } from "./refusal.js";
import { isDay, times } from "./slots.js";

/** @typedef {{ practitionerId: number, day: string, time: string, name: string, phone: string, reason: string }} Booking */

/**
 * @param {Record<string, unknown>} fields `patient: { name, phone }` as in the API's answers, or `name` and `phone` as in the form
 * @returns {Booking}
 */
export function toBooking(fields) {
  const patient = /** @type {Record<string, unknown>} */ (fields.patient ?? fields);
  return {
    practitionerId: Number(fields.practitionerId ?? Number.NaN),
    day: text(fields.day),
    time: text(fields.time),
    name: text(patient.name),
    phone: text(patient.phone),
    reason: text(fields.reason),
  };
}

/** @param {Booking} booking */
export function check({ practitionerId, day, time, name, phone, reason }) {
  if (!Number.isInteger(practitionerId)) throw new Refusal(400, "Choose a practitioner.", "practitionerId");
  if (!isDay(day)) throw new Refusal(400, "Choose a day, such as 2026-11-23.", "day");
  if (!times.includes(time)) throw new Refusal(400, `Choose a time from ${times[0]} to ${times.at(-1)}, every half hour.`, "time");
  if (name.length < 2 || name.length > 80) throw new Refusal(400, "Enter the patient's name (2 to 80 letters).", "name");
  if (!/^[+(\d][\d ()./-]{4,24}$/.test(phone)) throw new Refusal(400, "Enter a phone number, such as 555 0142.", "phone");
  if (reason.length > 200) throw new Refusal(400, "Keep the reason under 200 letters.", "reason");
}

/** Without spaces around, and one at a time inside: "Ann  Lee" is "Ann Lee". @param {unknown} value */
export function text(value) {
  return typeof value === "string" ? value.trim().replace(/\s+/g, " ") : "";
}
