// Without PM2: the primary passes the signal on, each worker drains by itself.
import cluster from "node:cluster";
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { graceful } from "@aplomo/runtime";

if (cluster.isPrimary) {
  for (let i = 0; i < 2; i += 1) cluster.fork();
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.on(signal, () => {
      for (const worker of Object.values(cluster.workers)) worker.process.kill(signal);
    });
  }
} else {
  const server = createServer(async (request, response) => {
    if (request.url === "/report") await delay(600);
    response.end("hello\n");
  });
  graceful(server);
  server.listen(process.env.PORT ?? 3000);
}
