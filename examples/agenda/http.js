// The few things node:http leaves to its user: reading a body with a limit, and answering.
import { Refusal } from "./refusal.js";

const BODY_LIMIT = 16 * 1024;

const HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "same-origin",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
};

/**
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {unknown} body
 * @param {Record<string, string>} [headers]
 */
export function json(response, status, body, headers = {}) {
  send(response, status, "application/json; charset=utf-8", `${JSON.stringify(body)}\n`, { "Cache-Control": "no-store", ...headers });
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {string} body
 */
export function html(response, status, body) {
  send(response, status, "text/html; charset=utf-8", body, { "Cache-Control": "no-store" });
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {string} location
 */
export function seeOther(response, location) {
  send(response, 303, "text/plain; charset=utf-8", "", { Location: location });
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {string} type
 * @param {string} body
 * @param {Record<string, string>} headers
 */
export function send(response, status, type, body, headers) {
  // setHeader, not writeHead's own: a server that is stopping has set `Connection: close` already.
  response.writeHead(status, { ...HEADERS, "Content-Type": type, "Content-Length": Buffer.byteLength(body), ...headers });
  response.end(response.req.method === "HEAD" ? undefined : body);
}

/**
 * A form or a JSON object, as text fields; nested objects keep their fields.
 * @param {import("node:http").IncomingMessage} request
 * @returns {Promise<Record<string, unknown>>}
 */
export async function readFields(request) {
  const text = await readBody(request);
  if (!request.headers["content-type"]?.startsWith("application/json")) return Object.fromEntries(new URLSearchParams(text));
  try {
    const value = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw new Refusal(400, "The body is not a JSON object.");
}

/** @param {import("node:http").IncomingMessage} request */
async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Refusal(413, `The body is longer than ${BODY_LIMIT} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
