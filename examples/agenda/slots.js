// Days and the times of a day that can be booked. A day is "2026-11-23", a time "09:30": the clinic's own, whatever the time zone.
import { closes, opens, visit } from "./hours.js";

/** @type {readonly string[]} */
export const times = Array.from({ length: (closes - opens) / visit }, (_, index) => {
  const minutes = opens + index * visit;
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
});

export function today() {
  const now = new Date();
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}

/** @param {unknown} text */
export function isDay(text) {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  // 2026-02-30 is read as 2 March.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/**
 * @param {string} day
 * @param {number} days
 */
export function addDays(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** "Monday 23 November 2026" @param {string} day */
export function spelled(day) {
  const date = new Date(`${day}T00:00:00Z`);
  const weekday = date.toLocaleDateString("en-GB", { weekday: "long", timeZone: "UTC" });
  return `${weekday} ${date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" })}`;
}

/** @param {number} value */
function pad(value) {
  return String(value).padStart(2, "0");
}
