import Koa from "koa";
import { setTimeout as delay } from "node:timers/promises";
import { graceful } from "@aplomo/runtime";

const app = new Koa();
app.use(async (context) => {
  if (context.path === "/report") await delay(600);
  context.body = "hello\n";
});

graceful(app.listen(process.env.PORT ?? 3000));
