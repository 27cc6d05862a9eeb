import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { reason } from "../../base/errors.ts";
import type { Context } from "../../host/context.ts";
import { findAction } from "../actions.ts";
import type { Timekeeper } from "../keep-time.ts";
import { html } from "../../report/html.ts";
import { document } from "../pages/layout.ts";
import { agentPaths } from "../paths.ts";
import { viewApp } from "../view.ts";
import { answer, redirect } from "./answer.ts";
import { audit } from "./audit.ts";
import { isOwnOrigin, type Gatekeeper } from "./guard.ts";
import type { Live } from "./live.ts";
import { read } from "./routes.ts";
import { roles, type Caller } from "./tokens.ts";
import { Turns } from "./turns.ts";

const largest = 4_096;
/** Pages that are made at a time; a person asks for one. */
const pages = new Turns(4);
const refused = new WeakSet<Socket>();
/** Requests of one connection that wait for their answers. */
const underWay = new WeakMap<Socket, number>();
const mostInLine = 8;

export interface Doors {
  ctx: Context;
  timekeeper: Timekeeper;
  live: Live;
}

/** An HTTP server of the agent. Without a gatekeeper it stands at a socket that its owner alone can open. */
export function httpServer(doors: Doors, gatekeeper?: Gatekeeper): Server {
  const server = createServer({ maxHeaderSize: 8_192, headersTimeout: 10_000, requestTimeout: 30_000 }, (request, response) => {
    // Of one who asked too much nothing is read any more: what is sent behind it goes with the connection.
    if (refused.has(request.socket) || !mayFollow(request.socket, response)) return;
    void serve(doors, gatekeeper, request, response).catch((error: unknown) => {
      doors.ctx.emit({ type: "warning", message: `a request for ${request.url?.slice(0, 200)} failed: ${reason(error)}` });
      if (response.headersSent) response.destroy();
      else fail(response, 500, "this page could not be made");
    });
  });
  server.maxConnections = 500;
  return server;
}

/** No browser sends a request behind one that was not answered; who sends many of them has the memory of all at once. */
function mayFollow(socket: Socket, response: ServerResponse): boolean {
  const count = (underWay.get(socket) ?? 0) + 1;
  underWay.set(socket, count);
  response.once("close", () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1));
  if (count <= mostInLine) return true;
  refused.add(socket);
  socket.destroy();
  return false;
}

async function serve(doors: Doors, gatekeeper: Gatekeeper | undefined, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { ctx } = doors;
  if (!URL.canParse(request.url ?? "", "http://agent")) return fail(response, 400, "there is no such address");
  const url = new URL(request.url ?? "", "http://agent");
  const admission = gatekeeper ? await gatekeeper.admit(request, url) : { caller: trusted(request) };
  if ("status" in admission) {
    if (admission.status === 429) return refuse(request, response, admission.message);
    if (admission.login && url.pathname === "/" && request.method === "GET") return login(response, admission.message);
    return fail(response, admission.status, admission.message);
  }
  if ("cookie" in admission && admission.cookie !== undefined && url.searchParams.has("token"))
    return redirect(response, url.pathname, { "set-cookie": admission.cookie });
  const { caller } = admission;
  if (request.method === "POST") return act(doors, request, response, url, caller);
  if (request.method !== "GET" && request.method !== "HEAD") return fail(response, 405, "it can be read, and nothing else");
  if (url.pathname === "/events") return doors.live.follow(response, url.searchParams.get("app"));
  const found = await pages.take(async () => response.destroyed || read(response, ctx.home, url, caller.role, ctx.now()));
  if (!found) fail(response, 404, "there is nothing here");
}

/** In few words, for there may be very many of them; the connection ends with it. */
function refuse({ socket }: IncomingMessage, response: ServerResponse, message: string): void {
  refused.add(socket);
  answer(response, 429, "text", `${message}\n`, { "retry-after": "10", connection: "close" });
}

/** Whoever opens the socket is its owner, who may say in whose name the request is made: `aplomo dashboard` does. */
function trusted({ headers }: IncomingMessage): Caller {
  const role = roles.find((one) => one === headers["x-aplomo-role"]) ?? "operate";
  const who = headers["x-aplomo-who"];
  return { role, who: typeof who === "string" ? who.slice(0, 80) : "the agent's owner" };
}

async function act(
  { ctx, timekeeper }: Doors,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  caller: Caller,
): Promise<void> {
  const [, first, name = "", place, action = "", more] = url.pathname.split("/");
  const app = first === "apps" && place === "act" && more === undefined ? await viewApp(ctx.home, name) : undefined;
  if (!app) return fail(response, 404, "there is nothing here");
  // At the socket too: a browser on the laptop reaches it through `aplomo dashboard`.
  const foreign = request.headers.origin !== undefined && !isOwnOrigin(request, request.headers["x-forwarded-proto"] === "https");
  const refused = caller.role !== "operate" ? "it takes the role operate" : foreign ? "it comes from another page" : null;
  const form = refused === null ? await readForm(request) : new URLSearchParams();
  const found = refused === null ? await findAction(app, action, form.get("release")) : undefined;
  const paths = agentPaths(ctx.home);
  const line = {
    at: ctx.now().toISOString(),
    ...caller,
    client: request.socket.remoteAddress ?? "socket",
    app: name,
    act: found ? found.argv.join(" ") : action.slice(0, 40),
    run: null,
    refused: refused ?? (found ? null : "there is no such action"),
  };
  await audit(paths, line);
  if (refused !== null) return fail(response, 403, refused);
  if (!found) return fail(response, 404, "there is no such action");
  const run = await timekeeper.act(app.registered, app.watch.runs, found.name, found.argv);
  await audit(paths, { ...line, run: run.id });
  redirect(response, `/apps/${name}/runs/${run.id}`);
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > largest) throw new Error("the form is too large");
  }
  return new URLSearchParams(text);
}

function fail(response: ServerResponse, status: number, message: string): void {
  const body = html`<p>${message}</p>
    <p><a href="/">All applications</a></p>`;
  answer(response, status, "html", document({ title: "Not this way", state: message, body }));
}

function login(response: ServerResponse, message: string): void {
  const body = html`<p>${message}. On the server <code>aplomo agent token --name you</code> makes one.</p>
    <form method="get" action="/">
      <p>
        <label>Token <input type="password" name="token" autocomplete="current-password" required /></label>
        <button type="submit">Come in</button>
      </p>
    </form>`;
  answer(response, 401, "html", document({ title: "Aplomo", state: message, body }));
}
