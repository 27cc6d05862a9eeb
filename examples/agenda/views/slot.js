// One time of one practitioner: free, or who comes then.
import { markup } from "./page.js";

/**
 * @param {import("./day.js").View} view
 * @param {import("../agenda.js").Practitioner} practitioner
 * @param {string} time
 * @param {import("../appointment.js").Appointment | undefined} appointment
 */
export function slot({ day, highlight }, practitioner, time, appointment) {
  if (!appointment) {
    const link = `/?day=${day}&practitioner=${practitioner.id}&time=${time}#book`;
    return markup`
          <li class="free"><a href="${link}" aria-label="Book ${time} with ${practitioner.name}"><time>${time}</time><span>Book</span></a></li>`;
  }
  const { id, patient, reason } = appointment;
  return markup`
          <li class="taken${id === highlight && " fresh"}" id="a${id}">
            <time>${time}</time>
            <form action="/appointments/${id}/cancel" method="post"><button class="plain" aria-label="Cancel ${patient.name} at ${time}" title="Cancel">×</button></form>
            <strong>${patient.name}</strong>
            ${reason && markup`<span>${reason}</span>`}
            <span class="quiet">${patient.phone}</span>
          </li>`;
}
