import { once } from "node:events";
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answer, redirect } from "./answer.ts";
import { Gatekeeper } from "./guard.ts";
import { callerOf, hashOf, randomToken, type Caller } from "./tokens.ts";

/** A door on this machine's loopback that leads to an agent's socket, open while somebody looks. */
export interface Laptop {
  /** With the token; the browser leaves it out after the first page. */
  url: string;
  close(): void;
}

/** Others on this machine can reach a loopback port, and pages elsewhere can make a browser ask it: it takes the token, and the right origin. */
export async function openLaptop(socket: string, port: number, caller: Caller, now: () => Date): Promise<Laptop> {
  const token = randomToken().reveal();
  const tokens = [{ ...caller, hash: hashOf(token) }];
  const gatekeeper = new Gatekeeper({ callerOf: (given) => Promise.resolve(callerOf(tokens, given)), tls: false }, now);
  const server: Server = createServer((request, response) => void pass(gatekeeper, socket, request, response));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: given } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${given}/?token=${token}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function pass(gatekeeper: Gatekeeper, socket: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!URL.canParse(request.url ?? "", "http://agent")) return answer(response, 400, "text", "there is no such address\n");
  const url = new URL(request.url ?? "", "http://agent");
  const admission = await gatekeeper.admit(request, url);
  if ("status" in admission)
    return answer(response, admission.status, "text", `${admission.message}: open the address that \`aplomo dashboard\` has printed\n`);
  if (admission.cookie !== undefined && url.searchParams.has("token"))
    return redirect(response, url.pathname, { "set-cookie": admission.cookie });
  const headers = { ...request.headers, "x-aplomo-role": admission.caller.role, "x-aplomo-who": admission.caller.who };
  // What the browser must not lose, it keeps to itself: the agent has no use for it.
  delete headers.cookie;
  const inner = ask({ socketPath: socket, path: request.url, method: request.method, headers }, (got) => {
    response.writeHead(got.statusCode ?? 502, got.headers);
    got.pipe(response);
  });
  inner.on("error", () => {
    if (response.headersSent) response.destroy();
    else answer(response, 502, "text", "no agent answers: aplomo agent install\n");
  });
  response.on("close", () => inner.destroy());
  request.pipe(inner);
}
