// The form that books an appointment, filled with what is known already.
import { times } from "../slots.js";
import { markup } from "./page.js";

/** @param {import("./day.js").View} view */
export function bookingForm({ day, staff, form = {}, problem }) {
  const chosen = form.practitionerId || staff[0]?.id;
  const time = form.time || "09:00";
  return markup`
      <aside id="book"${problem && markup` class="first"`} aria-labelledby="book-title">
        <h2 id="book-title">New appointment</h2>
        ${problem && markup`<p class="problem" role="alert">${problem.message}</p>`}
        <form action="/appointments" method="post" class="booking">
          <label>With
            <select name="practitionerId"${invalid(problem, "practitionerId")}>${staff.map(({ id, name }) => option(id, name, id === chosen))}</select>
          </label>
          <div class="pair">
            <label>Day <input type="date" name="day" value="${form.day || day}" required${invalid(problem, "day")}></label>
            <label>Time <select name="time"${invalid(problem, "time")}>${times.map((one) => option(one, one, one === time))}</select></label>
          </div>
          <label>Patient <input name="name" value="${form.name}" autocomplete="off" required minlength="2" maxlength="80"${invalid(problem, "name")}></label>
          <label>Phone <input name="phone" type="tel" value="${form.phone}" autocomplete="off" required maxlength="25"${invalid(problem, "phone")}></label>
          <label>Reason <span class="quiet">optional</span> <input name="reason" value="${form.reason}" maxlength="200"${invalid(problem, "reason")}></label>
          <button class="main">Book appointment</button>
        </form>
      </aside>`;
}

/**
 * @param {string | number} value
 * @param {string} text
 * @param {boolean} selected
 */
export function option(value, text, selected) {
  return markup`<option value="${value}"${selected && markup` selected`}>${text}</option>`;
}

/**
 * @param {{ field?: string } | undefined} problem
 * @param {string} field
 */
export function invalid(problem, field) {
  return problem?.field === field && markup` aria-invalid="true"`;
}
