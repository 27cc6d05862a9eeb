/**
 * One unit of an application, as an edge sees it: `node edge-upstream.js NAME [PORT]`. Says `listening PORT` on its standard output.
 *
 *   GET /            the name            GET /slow?ms=3000   the name, that much later
 *   GET /health      200, or 503 when the name begins with `sick`
 *   GET /count       how many requests it has been asked, this one left out
 *   POST /           the name and the length of the body
 *   Upgrade          every line that comes is sent back after the name
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";

const [name = "", port = "0"] = process.argv.slice(2);
let count = 0;

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://unit");
  const answer = (text: string): unknown => response.end(`${name} ${text}`.trimEnd());
  if (url.pathname === "/count") return answer(String(count));
  if (url.pathname !== "/health") count += 1;
  if (url.pathname === "/health" && name.startsWith("sick")) response.statusCode = 503;
  if (url.pathname === "/slow") return setTimeout(answer, Number(url.searchParams.get("ms")), "");
  let length = 0;
  request.on("data", (chunk: Buffer) => (length += chunk.length));
  request.on("end", () => answer(request.method === "POST" ? String(length) : ""));
});

server.on("upgrade", (_request, socket) => {
  socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
  createInterface(socket).on("line", (line) => socket.write(`${name} ${line}\n`));
  socket.on("error", () => {});
});

server.listen(Number(port), "127.0.0.1", () => console.log(`listening ${(server.address() as AddressInfo).port}`));
// A test that died leaves nobody to end this.
setTimeout(() => process.exit(1), 600_000).unref();
process.stdin.on("end", () => process.exit(0)).resume();
