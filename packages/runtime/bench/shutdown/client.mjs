// A strict client: every request that is not answered in full counts as lost.
import { Agent, request } from "node:http";
import { WebSocket } from "ws";

/** Resolves to { status, close } or { lost: why }. Without an agent each request has its own connection. */
export function get(port, path, { agent, within = 15_000 } = {}) {
  return new Promise((resolve) => {
    const lost = (error) => resolve({ lost: error.code ?? error.message });
    const sent = request(
      { host: "127.0.0.1", port, path, agent: agent ?? new Agent(), signal: AbortSignal.timeout(within) },
      (response) => {
        response.on("error", lost);
        response.resume();
        response.on("end", () => resolve({ status: response.statusCode, close: response.headers.connection === "close" }));
      },
    );
    sent.on("error", lost);
    sent.end();
  });
}

/** Opens a WebSocket and waits for its first message; `closed` resolves to the close code. */
export async function openWebSocket(port) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  const closed = new Promise((resolve) => {
    socket.on("close", resolve);
    socket.on("error", () => undefined);
  });
  await new Promise((resolve) => socket.once("message", resolve));
  return { socket, closed };
}
