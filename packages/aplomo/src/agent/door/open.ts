import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import type { Server } from "node:http";
import { AplomoError, UsageError } from "../../base/errors.ts";
import { makePrivateFolder } from "../../host/files.ts";
import { agentPaths } from "../paths.ts";
import { Gatekeeper } from "./guard.ts";
import { httpServer, type Doors } from "./serve.ts";
import { callerOf, readTokens } from "./tokens.ts";

/** An address as `--listen` takes it: `127.0.0.1:8088`, `[::]:8088`. */
export interface Listen {
  host: string;
  port: number;
}

export function parseListen(text: string): Listen {
  const [, host, port] = /^(\[[\da-f:]+\]|[\w.-]+):(\d{1,5})$/i.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535)
    throw new UsageError({ operation: "listen at", subject: text, hint: "Write an address and a port: 127.0.0.1:8088." });
  return { host: host.replace(/[[\]]/g, ""), port: Number(port) };
}

/** The agent's own door, for its owner alone; the caller holds the agent's lock, so a socket that is there is a dead agent's. */
export async function openSocket(doors: Doors): Promise<Server> {
  const { root, socket } = agentPaths(doors.ctx.home);
  // Nobody else gets into the folder: between its making and its mode the socket is in no one's reach.
  await makePrivateFolder(root);
  await chmod(root, 0o700);
  await rm(socket, { force: true });
  const server = httpServer(doors).listen(socket);
  await listening(server, socket);
  await chmod(socket, 0o600);
  return server;
}

/** A door anybody can reach: who comes in has a token, and comes over TLS unless the address is of this machine alone. */
export async function openPublic(doors: Doors, { host, port }: Listen): Promise<Server> {
  const paths = agentPaths(doors.ctx.home);
  if ((await readTokens(paths)).length === 0) {
    const hint = "Make one first: aplomo agent token --name you.";
    throw new UsageError({ operation: "listen at", subject: `${host}:${port}`, cause: "nobody has a token", hint });
  }
  // Read each time: one that was taken back is void at once.
  const guard = { callerOf: async (token: string) => callerOf(await readTokens(paths), token), tls: !isLoopback(host) };
  const server = httpServer(doors, new Gatekeeper(guard, doors.ctx.now)).listen(port, host);
  await listening(server, `${host}:${port}`);
  return server;
}

async function listening(server: Server, where: string): Promise<void> {
  await once(server, "listening").catch((cause: unknown) => {
    throw new AplomoError({ operation: "listen at", subject: where, cause });
  });
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
