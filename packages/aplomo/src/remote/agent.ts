import { once } from "node:events";
import { request } from "node:http";
import { join } from "node:path";
import { AplomoError, UsageError } from "../base/errors.ts";
import type { Config } from "../config/config.ts";
import type { Context } from "../host/context.ts";
import { addressOf } from "./address.ts";
import { connect, type Connection } from "./connection.ts";
import { hasAgent } from "./scripts.ts";

/** The agent of the application's server, at a socket of this machine. */
export interface RemoteAgent {
  socket: string;
  connection: Connection;
}

/** Leads a socket here to the agent's over there: no port is opened on the server, and nobody else here gets to the socket. */
export async function reachAgent(ctx: Context, config: Config): Promise<RemoteAgent> {
  const address = addressOf(config);
  if (!address) throw new Error("no host");
  const connection = await connect(ctx, address);
  const subject = `the agent on ${address.destination}`;
  try {
    await connection.run(hasAgent).catch((cause: unknown) => {
      if (!connection.alive()) throw cause;
      const hint = "aplomo agent add, then aplomo agent install --yes";
      throw new UsageError({ operation: "reach", subject, cause: "none runs there", hint });
    });
    const socket = await connection.forward(join(connection.server.home, "agent/socket"));
    await answers(socket).catch((cause: unknown) => {
      const hint = `See whether it runs there: systemctl status aplomo-agent. sshd must allow AllowStreamLocalForwarding.`;
      throw new AplomoError({ operation: "reach", subject, cause, hint });
    });
    return { socket, connection };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function answers(socketPath: string): Promise<void> {
  const [response] = (await once(request({ socketPath, path: "/api/apps", timeout: 20_000 }).end(), "response")) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, "end");
}
