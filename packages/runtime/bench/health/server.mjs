// node server.mjs bare|headers|graceful: answers "ok" on every path; tells its CPU time, in microseconds, to whoever started it.
import { createServer } from "node:http";

const kind = process.argv[2];
const server = createServer((request, response) => {
  if (kind === "headers") response.writeHead(200, ["Content-Type", "text/plain", "Content-Length", "3", "Cache-Control", "no-store"]);
  response.end("ok\n");
});
if (kind === "graceful") {
  const { graceful } = await import("../../dist/index.js");
  graceful(server);
}
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send(user + system);
});
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
