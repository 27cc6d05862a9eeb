// Preload for applications that cannot be changed: node --import @aplomo/runtime/auto server.js
import { Server } from "node:http";
import { Server as SecureServer } from "node:https";
import { autoOptions } from "./auto-options.ts";
import { graceful } from "./graceful/graceful.ts";

// Next.js would otherwise answer the signals itself, and exit before the drain (its documented switch for this).
process.env.NEXT_MANUAL_SIG_HANDLE = "true";

const app = graceful(null, autoOptions(process.env));

for (const { prototype } of [Server, SecureServer]) {
  const listen = Reflect.get(prototype, "listen") as (...args: unknown[]) => Server;
  prototype.listen = function (this: Server, ...args: unknown[]) {
    app.add(this);
    return Reflect.apply(listen, this, args);
  };
}
