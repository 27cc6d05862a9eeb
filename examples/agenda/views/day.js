// The one page of the agenda: a day, a column for each practitioner, and the form to book.
import { addDays, spelled, times, today } from "../slots.js";
import { bookingForm } from "./form.js";
import { markup, page } from "./page.js";
import { slot } from "./slot.js";

/**
 * @typedef {object} View
 * @property {import("../settings.js").Settings} settings
 * @property {string} day
 * @property {import("../agenda.js").Practitioner[]} staff
 * @property {import("../appointment.js").Appointment[]} appointments
 * @property {"booked" | "cancelled"} [notice] what has just been done
 * @property {number} [highlight] id of the appointment that was booked
 * @property {Partial<import("../booking.js").Booking>} [form] what the form already holds
 * @property {{ message: string, field?: string }} [problem] why the booking was refused
 */

/** @param {View} view */
export function dayPage(view) {
  const { settings, day, staff, appointments, notice } = view;
  const free = staff.length * times.length - appointments.length;
  return page(
    settings,
    spelled(day),
    markup`
    <div class="heading">
      <div>
        <h1>${spelled(day)}${day === today() && markup` <span class="badge">Today</span>`}</h1>
        <p class="quiet">${appointments.length} booked, ${free} free</p>
      </div>
      <nav aria-label="Day">
        <a class="button" href="/?day=${addDays(day, -1)}" aria-label="The day before">‹</a>
        <a class="button" href="/">Today</a>
        <a class="button" href="/?day=${addDays(day, 1)}" aria-label="The day after">›</a>
        <form action="/" method="get"><label class="hidden" for="go">Go to a day</label><input id="go" type="date" name="day" value="${day}" required><button>Go</button></form>
        <a class="button main jump" href="#book">New appointment</a>
      </nav>
    </div>
    ${notice && markup`<p class="notice" role="status">${notice === "booked" ? "The appointment is booked." : "The appointment is cancelled and its time is free again. The form still holds it, should that have been a mistake."}</p>`}
    <div class="board">
      <div class="columns">${staff.map((practitioner, index) => column(view, practitioner, index))}</div>
      ${bookingForm(view)}
    </div>`,
  );
}

/**
 * @param {View} view
 * @param {import("../agenda.js").Practitioner} practitioner
 * @param {number} index
 */
function column(view, practitioner, index) {
  const taken = new Map(view.appointments.filter((one) => one.practitioner.id === practitioner.id).map((one) => [one.time, one]));
  return markup`
      <section class="column tone${index % 4}" aria-labelledby="p${practitioner.id}">
        <header>
          <span class="face" aria-hidden="true">${initials(practitioner.name)}</span>
          <div><h2 id="p${practitioner.id}">${practitioner.name}</h2><p class="quiet">${practitioner.specialty}</p></div>
        </header>
        <ol>${times.map((time) => slot(view, practitioner, time, taken.get(time)))}</ol>
      </section>`;
}

/** "Dr. Amara Osei" is AO. @param {string} name */
function initials(name) {
  const words = name.split(" ").filter((word) => !word.endsWith("."));
  return words
    .map((word) => word[0])
    .join("")
    .slice(0, 2);
}
