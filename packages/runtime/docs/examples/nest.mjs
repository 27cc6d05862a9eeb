// Without decorators' syntax, so that Node runs it as it is; in TypeScript it is @Get(), @Controller() and @Module().
import "reflect-metadata";
import { Controller, Get, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { setTimeout as delay } from "node:timers/promises";
import { graceful } from "@aplomo/runtime";

class Pages {
  home() {
    return "hello\n";
  }
  async report() {
    await delay(600);
    return "hello\n";
  }
  onModuleDestroy() {
    console.log("modules closed");
  }
}
for (const [path, name] of Object.entries({ "/": "home", "/report": "report" })) {
  Get(path)(Pages.prototype, name, Object.getOwnPropertyDescriptor(Pages.prototype, name));
}
Controller()(Pages);

class App {}
Module({ controllers: [Pages] })(App);

// Leave app.enableShutdownHooks() out: it would end the process before the drain.
const app = await NestFactory.create(App, { logger: ["error", "warn"] });
graceful(app);
await app.listen(process.env.PORT ?? 3000);
