import type { ServerResponse } from "node:http";

const headers = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  // Not `no-referrer`: browsers then send no origin with a form, by which it is told from another page's.
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

export const types = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  text: "text/plain; charset=utf-8",
  svg: "image/svg+xml; charset=utf-8",
  events: "text/event-stream; charset=utf-8",
};

/** The headers of every answer. */
export function begin(response: ServerResponse, status: number, type: keyof typeof types, more: Record<string, string> = {}): void {
  response.writeHead(status, { ...headers, "cache-control": "no-store", "content-type": types[type], ...more });
}

export function answer(
  response: ServerResponse,
  status: number,
  type: keyof typeof types,
  body: string,
  more: Record<string, string> = {},
): void {
  begin(response, status, type, more);
  response.end(body);
}

export function redirect(response: ServerResponse, to: string, more: Record<string, string> = {}): void {
  answer(response, 303, "text", "", { location: to, ...more });
}
