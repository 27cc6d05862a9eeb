// The application that is reloaded. MODE says what ends it, DELAY how many milliseconds an answer takes.
const { createServer } = require("node:http");
const { MODE: mode, DELAY: wait, PORT: port } = process.env;

const server = createServer((request, response) => setTimeout(() => response.end("ok\n"), Number(wait)));
if (mode === "aplomo") require(process.env.APLOMO_RUNTIME ?? "../../dist/index.js").graceful(server, { deadline: 5_000 });
if (mode === "documented") {
  process.on("SIGINT", () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
}
server.listen(Number(port), "127.0.0.1");
