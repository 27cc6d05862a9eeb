// How an appointment is stored and read. Both engines understand this SQL.

/**
 * @typedef {object} Appointment
 * @property {number} id
 * @property {string} day
 * @property {string} time
 * @property {{ id: number, name: string }} practitioner
 * @property {{ id: number, name: string, phone: string }} patient
 * @property {string} reason
 * @property {string} note for the practitioner
 * @property {string} reminder one of the channels
 * @property {string} createdAt
 * @property {string | null} cancelledAt
 */

export const SELECT = `
  SELECT a.id, CAST(a.day AS text) AS day, CAST(a.time AS text) AS time, a.reason, a.note, a.created_at, a.cancelled_at,
    d.id AS practitioner_id, d.name AS practitioner_name, p.id AS patient_id, p.name AS patient_name, p.phone,
    coalesce(r.channel, 'none') AS reminder
  FROM appointments a
  JOIN practitioners d ON d.id = a.practitioner_id
  JOIN patients p ON p.id = a.patient_id
  LEFT JOIN reminders r ON r.appointment_id = a.id`;

/**
 * @param {import("./storage/open.js").Row} row of SELECT
 * @returns {Appointment}
 */
export function toAppointment(row) {
  return {
    id: row.id,
    day: row.day,
    time: row.time.slice(0, 5),
    practitioner: { id: row.practitioner_id, name: row.practitioner_name },
    patient: { id: row.patient_id, name: row.patient_name, phone: row.phone },
    reason: row.reason,
    note: row.note,
    reminder: row.reminder,
    createdAt: new Date(row.created_at).toISOString(),
    cancelledAt: row.cancelled_at ? new Date(row.cancelled_at).toISOString() : null,
  };
}

/**
 * @param {import("./storage/open.js").Query} query of a transaction
 * @param {import("./booking.js").Booking} booking
 * @param {number} patientId
 * @returns {Promise<number>} its id
 */
export async function insert(query, { practitionerId, day, time, reason, note, reminder }, patientId) {
  const [{ id }] = await query(
    "INSERT INTO appointments (practitioner_id, patient_id, day, time, reason, note) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
    [practitionerId, patientId, day, time, reason, note],
  );
  if (reminder !== "none") await query("INSERT INTO reminders (appointment_id, channel) VALUES ($1, $2)", [id, reminder]);
  return id;
}
