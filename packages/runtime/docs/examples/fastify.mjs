import fastify from "fastify";
import { setTimeout as delay } from "node:timers/promises";
import { graceful } from "@aplomo/runtime";

const app = fastify();
app.get("/", () => "hello\n");
app.get("/report", async () => {
  await delay(600);
  return "hello\n";
});
app.addHook("onClose", async () => console.log("plugins closed"));

// Fastify's own onClose hooks run when the last request is answered.
graceful(app);
await app.listen({ port: Number(process.env.PORT ?? 3000) });
