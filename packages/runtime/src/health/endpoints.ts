import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { metricsText, metricsType } from "./metrics.ts";
import { type Asker, reasons, statusBody, statusCode, type StatusParts } from "./status.ts";

export interface EndpointOptions {
  /** Stands before each path; default none: `/healthz`, `/readyz`, `/status`, `/metrics`. */
  prefix?: string;
  /** Who sends `Authorization: Bearer <token>` reads everything in /status and may read /metrics; others read only the status. Default: no token. */
  token?: string;
  /** Answer /metrics in Prometheus' format; default false. */
  metrics?: boolean;
}

/** What the endpoints ask the application. `ready` asks the checks; `draining` must be cheap. */
export interface Subject {
  draining: () => boolean;
  parts: () => Promise<StatusParts>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Makes the function that answers the health endpoints, GET and HEAD, whatever the query string, and says false to everything else. */
export function endpoints(
  subject: Subject,
  { prefix = "", token, metrics = false }: EndpointOptions,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const asker = askerOf(token);
  const answers = new Map<string, Answer>([
    [`${prefix}/healthz`, (_, response) => (subject.draining() ? send(response, 503, "draining\n") : sendAlive(response))],
    [`${prefix}/readyz`, (_, response) => later(response, async () => sendReady(response, await subject.parts()))],
    [`${prefix}/status`, (request, response) => later(response, async () => sendStatus(response, await subject.parts(), asker(request)))],
  ]);
  if (metrics) {
    answers.set(`${prefix}/metrics`, (request, response) => {
      if (asker(request) === "stranger") return send(response, 401, "a token is needed\n");
      return later(response, async () => send(response, 200, metricsText(await subject.parts()), metricsType));
    });
  }
  // Every request of the application comes by here: one look at a letter sends most of them on.
  const at = prefix.length + 1;
  const initials = new Set([...answers.keys()].map((path) => path.charCodeAt(at)));
  return (request, response) => {
    const url = request.url ?? "";
    if (!initials.has(url.charCodeAt(at))) return false;
    const query = url.indexOf("?");
    const answer = answers.get(query < 0 ? url : url.slice(0, query));
    if (!answer || (request.method !== "GET" && request.method !== "HEAD")) return false;
    answer(request, response);
    return true;
  };
}

const alive = "ok\n";
const aliveHeaders = headersOf(alive, "text/plain");

/** Asked most often, so made once. */
function sendAlive(response: ServerResponse): void {
  response.writeHead(200, aliveHeaders);
  response.end(alive);
}

function sendReady(response: ServerResponse, parts: StatusParts): void {
  const code = statusCode(parts.state, parts.report);
  const why = parts.state === "running" ? reasons(parts.report) : parts.state;
  send(response, code, code === 200 ? "ready\n" : `not ready: ${why}\n`);
}

function sendStatus(response: ServerResponse, parts: StatusParts, asker: Asker): void {
  send(response, statusCode(parts.state, parts.report), `${JSON.stringify(statusBody(parts, asker))}\n`, "application/json");
}

function send(response: ServerResponse, status: number, body: string, type = "text/plain"): void {
  response.writeHead(status, headersOf(body, type));
  response.end(body);
}

/** Flat, because this form is what Node writes fastest. */
function headersOf(body: string, type: string): string[] {
  return ["Content-Type", type, "Content-Length", String(Buffer.byteLength(body)), "Cache-Control", "no-store"];
}

/** A defect here must not bring the application down, nor say why to whoever asked. */
function later(response: ServerResponse, answer: () => Promise<void>): void {
  answer().catch(() => (response.headersSent ? response.destroy() : send(response, 500, "failed\n")));
}

function askerOf(token: string | undefined): (request: IncomingMessage) => Asker {
  if (!token) return () => "anyone";
  const wanted = digest(`Bearer ${token}`);
  return ({ headers }) => (timingSafeEqual(digest(headers.authorization ?? ""), wanted) ? "known" : "stranger");
}

/** Equal lengths for a comparison that takes the same time whatever was sent. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
