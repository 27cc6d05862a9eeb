// Which request gets which answer.
import { readFileSync } from "node:fs";
import { allAfter, book, byId, cancel, onDay, practitioners } from "./agenda.js";
import { toBooking } from "./booking.js";
import { health } from "./health.js";
import { html, json, readFields, seeOther, send } from "./http.js";
import { Refusal } from "./refusal.js";
import { isDay, today } from "./slots.js";
import { Unavailable } from "./storage/failures.js";
import { dayPage } from "./views/day.js";
import { messagePage } from "./views/page.js";

/**
 * @typedef {object} Context
 * @property {import("./storage/open.js").Storage} storage
 * @property {import("./settings.js").Settings} settings
 * @property {() => boolean} stopping
 *
 * @typedef {object} Exchange
 * @property {import("node:http").IncomingMessage} request
 * @property {import("node:http").ServerResponse} response
 * @property {URL} url
 * @property {number} id the number in the path, when its route has one
 */

const style = readFileSync(new URL("public/style.css", import.meta.url), "utf8");

/** @type {Record<string, (exchange: Exchange, context: Context) => unknown>} `:id` stands for a number */
const routes = {
  "GET /": showDay,
  "POST /appointments": bookByForm,
  "POST /appointments/:id/cancel": cancelByForm,
  "GET /api/practitioners": async ({ response }, { storage }) => json(response, 200, { practitioners: await practitioners(storage) }),
  "GET /api/appointments": listByApi,
  "POST /api/appointments": bookByApi,
  "GET /api/appointments/:id": async ({ response, id }, { storage }) => json(response, 200, await byId(storage, id)),
  "DELETE /api/appointments/:id": async ({ response, id }, { storage }) => json(response, 200, await cancel(storage, id)),
  "GET /style.css": ({ response }) => send(response, 200, "text/css; charset=utf-8", style, { "Cache-Control": "max-age=3600" }),
  "GET /healthz": async ({ response }, { storage, settings, stopping }) => {
    const { status, body } = await health(storage, settings, stopping());
    json(response, status, body);
  },
};

/**
 * @param {Context} context
 * @returns {import("node:http").RequestListener}
 */
export function createApp(context) {
  return (request, response) => {
    const began = performance.now();
    if (context.settings.logRequests) response.once("close", () => logRequest(request, response, began));
    answer(request, response, context).catch((error) => refuse(request, response, context, error));
  };
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {Context} context
 */
async function answer(request, response, context) {
  const url = new URL(request.url ?? "/", "http://agenda");
  const method = request.method === "HEAD" ? "GET" : request.method;
  const [, id] = /\/(\d{1,9})(?=\/|$)/.exec(url.pathname) ?? [];
  const handle = routes[`${method} ${id ? url.pathname.replace(id, ":id") : url.pathname}`];
  if (!handle) throw new Refusal(404, "There is nothing at this address.");
  // A form on someone else's page must not book or cancel here.
  if (method !== "GET" && request.headers["sec-fetch-site"] === "cross-site") throw new Refusal(403, "This came from another site.");
  await handle({ request, response, url, id: Number(id) }, context);
}

/** @param {Exchange} exchange @param {Context} context */
async function showDay({ response, url }, context) {
  const { searchParams: query } = url;
  const asked = query.get("day");
  const day = isDay(asked) ? /** @type {string} */ (asked) : today();
  const view = { notice: notice(query), highlight: Number(query.get("booked")), form: await prefilled(query, context) };
  html(response, 200, await renderDay(context, day, view));
}

/** @param {URLSearchParams} query @returns {"booked" | "cancelled" | undefined} what has just been done */
function notice(query) {
  return query.has("booked") ? "booked" : query.has("cancelled") ? "cancelled" : undefined;
}

/**
 * The free time that was clicked; or what was cancelled just now, so that a slip of the finger is booked again with one click.
 * @param {URLSearchParams} query @param {Context} context
 */
async function prefilled(query, { storage }) {
  const form = { practitionerId: Number(query.get("practitioner")), time: query.get("time") ?? "" };
  if (!query.has("cancelled")) return form;
  const { practitioner, patient, ...cancelled } = await byId(storage, Number(query.get("cancelled")) || 0);
  return { ...cancelled, ...patient, practitionerId: practitioner.id };
}

/**
 * @param {Context} context
 * @param {string} day
 * @param {Partial<import("./views/day.js").View>} details
 */
async function renderDay({ storage, settings }, day, details) {
  const [staff, appointments] = await Promise.all([practitioners(storage), onDay(storage, day)]);
  return dayPage({ settings, day, staff, appointments, ...details });
}

/** @param {Exchange} exchange @param {Context} context */
async function bookByForm({ request, response }, context) {
  const booking = toBooking(await readFields(request));
  try {
    const { id, day } = await book(context.storage, booking);
    seeOther(response, `/?day=${day}&booked=${id}#a${id}`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // The form again, with what was typed and what is wrong with it.
    const day = isDay(booking.day) ? booking.day : today();
    html(response, error.status, await renderDay(context, day, { form: booking, problem: { message: error.message, field: error.field } }));
  }
}

/** @param {Exchange} exchange @param {Context} context */
async function cancelByForm({ request, response, id }, { storage }) {
  await readFields(request);
  const { day } = await cancel(storage, id);
  seeOther(response, `/?day=${day}&cancelled=${id}`);
}

/** @param {Exchange} exchange @param {Context} context */
async function listByApi({ response, url }, { storage }) {
  const day = url.searchParams.get("day");
  if (day !== null) {
    if (!isDay(day)) throw new Refusal(400, "`day` must be a day, such as 2026-11-23.", "day");
    json(response, 200, { appointments: await onDay(storage, day) });
    return;
  }
  const limit = Math.min(Number(url.searchParams.get("limit")) || 100, 1000);
  json(response, 200, { appointments: await allAfter(storage, Number(url.searchParams.get("after")) || 0, limit) });
}

/** @param {Exchange} exchange @param {Context} context */
async function bookByApi({ request, response }, { storage }) {
  const appointment = await book(storage, toBooking(await readFields(request)));
  json(response, 201, appointment, { Location: `/api/appointments/${appointment.id}` });
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {Context} context
 * @param {unknown} error
 */
function refuse(request, response, { settings }, error) {
  const known = error instanceof Refusal;
  const status = known ? error.status : error instanceof Unavailable ? 503 : 500;
  if (!known) console.error(`agenda: ${request.method} ${request.url}: ${/** @type {Error} */ (error).stack}`);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // What is left of the request is not read, so the connection cannot be used again.
  if (!request.complete) response.setHeader("Connection", "close");
  const message = known ? error.message : "The agenda cannot be reached at the moment. Nothing was changed. Please try again.";
  if (request.url?.startsWith("/api/")) json(response, status, { error: message, field: known ? error.field : undefined });
  else html(response, status, messagePage(settings, status === 404 ? "Not found" : "That did not work", message));
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {number} began
 */
function logRequest(request, response, began) {
  const line = {
    at: new Date().toISOString(),
    method: request.method,
    url: request.url,
    status: response.statusCode,
    ms: Math.round(performance.now() - began),
    complete: response.writableFinished,
  };
  console.log(JSON.stringify(line));
}
