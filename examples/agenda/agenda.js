// What a clinic does with its agenda: look at a day, book, cancel.
import { SELECT, insert, toAppointment } from "./appointment.js";
import { check } from "./booking.js";
import { Refusal } from "./refusal.js";
import { Taken } from "./storage/failures.js";

/**
 * @typedef {import("./storage/open.js").Storage} Storage
 * @typedef {import("./appointment.js").Appointment} Appointment
 * @typedef {{ id: number, name: string, specialty: string }} Practitioner
 */

/**
 * @param {Storage} storage
 * @returns {Promise<Practitioner[]>}
 */
export async function practitioners(storage) {
  return (await storage.query("SELECT id, name, specialty FROM practitioners ORDER BY name")).map(({ id, name, specialty }) => ({
    id,
    name,
    specialty,
  }));
}

/**
 * The appointments of a day that are not cancelled, by time.
 * @param {Storage} storage
 * @param {string} day
 */
export async function onDay(storage, day) {
  return (await storage.query(`${SELECT} WHERE a.day = $1 AND a.cancelled_at IS NULL ORDER BY a.time, d.name`, [day])).map(toAppointment);
}

/**
 * Every appointment with a higher id, cancelled ones too: for who reads them all, page by page.
 * @param {Storage} storage
 * @param {number} after
 * @param {number} limit
 */
export async function allAfter(storage, after, limit) {
  return (await storage.query(`${SELECT} WHERE a.id > $1 ORDER BY a.id LIMIT $2`, [after, limit])).map(toAppointment);
}

/**
 * @param {{ query: import("./storage/open.js").Query }} storage
 * @param {number} id
 */
export async function byId(storage, id) {
  const [row] = await storage.query(`${SELECT} WHERE a.id = $1`, [id]);
  if (!row) throw new Refusal(404, `There is no appointment ${id}.`);
  return toAppointment(row);
}

/**
 * @param {Storage} storage
 * @param {import("./booking.js").Booking} booking
 * @returns {Promise<Appointment>} as it is stored; it is on disk by then
 */
export async function book(storage, booking) {
  check(booking);
  try {
    return await storage.transaction(async (query) => {
      const [known] = await query("SELECT id FROM practitioners WHERE id = $1", [booking.practitionerId]);
      if (!known) throw new Refusal(400, "Choose a practitioner.", "practitionerId");
      // A patient is known by name and phone, and stays the same row from one visit to the next.
      const [patient] = await query(
        "INSERT INTO patients (name, phone) VALUES ($1, $2) ON CONFLICT (name, phone) DO UPDATE SET phone = excluded.phone RETURNING id",
        [booking.name, booking.phone],
      );
      return byId({ query }, await insert(query, booking, patient.id));
    });
  } catch (error) {
    if (error instanceof Taken) throw new Refusal(409, `${booking.time} has just been taken. Please choose another time.`, "time");
    throw error;
  }
}

/**
 * The time is free again; the appointment stays on record. Cancelling twice is cancelling once.
 * @param {Storage} storage
 * @param {number} id
 */
export async function cancel(storage, id) {
  return storage.transaction(async (query) => {
    await query("UPDATE appointments SET cancelled_at = $1 WHERE id = $2 AND cancelled_at IS NULL", [new Date().toISOString(), id]);
    return byId({ query }, id);
  });
}
