import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { setTimeout as delay } from "node:timers/promises";
import { graceful } from "@aplomo/runtime";

const app = new Hono();
app.get("/", (context) => context.text("hello\n"));
app.get("/report", async (context) => {
  await delay(600);
  return context.text("hello\n");
});

graceful(serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }));
