import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { graceful } from "@aplomo/runtime";
import { disk } from "@aplomo/runtime/checks";

const server = createServer(async (request, response) => {
  if (request.url === "/report") await delay(600);
  response.end("hello\n");
});

graceful(server, { checks: { disk: disk("/tmp") } });
server.listen(process.env.PORT ?? 3000);
