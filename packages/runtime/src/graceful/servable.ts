import type { Server } from "node:http";
import type { Server as SecureServer } from "node:https";
import type { Http2SecureServer, Http2Server } from "node:http2";

type AnyServer = Server | SecureServer | Http2Server | Http2SecureServer;

/** A server, or an application that has one: Fastify's `app.server`, NestJS' `app.getHttpServer()`. */
export type Servable = AnyServer | { server: AnyServer; close: () => unknown } | { getHttpServer: () => unknown; close: () => unknown };

/** The server in it and, for an application, how to close the rest of it. All kinds of server have what we use of them. */
export function serverOf(servable: Servable): { server: Server; close?: () => unknown } {
  if (isServer(servable)) return { server: servable };
  if (typeof servable === "object" && servable !== null) {
    const server = "getHttpServer" in servable ? servable.getHttpServer() : "server" in servable ? servable.server : undefined;
    if (isServer(server)) return { server, close: async () => (servable as { close: () => unknown }).close() };
  }
  throw new TypeError("graceful() needs a server, a Fastify or NestJS application, or null; pass what listen() returns");
}

function isServer(value: unknown): value is Server {
  return (
    typeof value === "object" &&
    value !== null &&
    ["listen", "emit", "close", "address"].every((name) => name in value) &&
    !("server" in value)
  );
}
