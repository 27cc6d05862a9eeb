// One small application, ended by the library named in argv: node server.mjs LIBRARY PORT LIMIT_MS
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { libraries } from "./libraries.mjs";

const [, , library, port, limit] = process.argv;

function handle(request, response) {
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname === "/slow") setTimeout(() => response.end("slow\n"), 800);
  else if (pathname === "/hang") response.on("error", () => undefined);
  else if (pathname === "/throw") {
    response.end("thrown\n");
    setTimeout(() => {
      throw new Error("nobody catches this");
    }, 20);
  } else response.end("ok\n");
}

const sockets = new WebSocketServer({ noServer: true });
const upgrade = (request, socket, head) => sockets.handleUpgrade(request, socket, head, (ws) => ws.send("hello"));

if (library === "fastify.close + close-with-grace") {
  const { default: fastify } = await import("fastify");
  const { default: closeWithGrace } = await import("close-with-grace");
  const app = fastify();
  app.all("/*", (request, reply) => {
    reply.hijack();
    handle(request.raw, reply.raw);
  });
  app.server.on("upgrade", upgrade);
  closeWithGrace({ delay: Number(limit) }, () => app.close());
  await app.listen({ port: Number(port), host: "127.0.0.1" });
} else {
  const server = createServer(handle);
  server.on("upgrade", upgrade);
  const ready = () => server.listen(Number(port), "127.0.0.1");
  await libraries[library](server, Number(limit));
  ready();
}
