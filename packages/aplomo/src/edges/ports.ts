import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { AplomoError } from "../base/errors.ts";
import { readIfPresent, writeFileSafely } from "../host/files.ts";

/** Where an edge that Aplomo runs is reached: the same for all its applications. */
export interface Ports {
  http: number;
  https: number;
}

interface Refusal {
  message: string;
  hint: string;
}

/** Notes the ports in the edge's folder; throws when another application has brought others. */
export async function agreeOnPorts(folder: string, ports: Ports): Promise<void> {
  const other = await disagreement(folder, ports);
  if (other) throw new AplomoError({ operation: "use", subject: "the edge", cause: other.message, hint: other.hint });
  await writeFileSafely(noteIn(folder), JSON.stringify(ports));
}

export function forgetPorts(folder: string): Promise<void> {
  return rm(noteIn(folder), { force: true });
}

/** Ports that another application's configuration contradicts, or on which somebody else answers already. */
export async function portRefusals(folder: string, ports: Ports, running: boolean): Promise<Refusal[]> {
  const other = await disagreement(folder, ports);
  if (other) return [other];
  if (running) return [];
  const taken: Refusal[] = [];
  for (const port of [ports.http, ports.https]) {
    if (!(await answers(port))) continue;
    const hint = `See which: ss -tlnp 'sport = :${port}'. When it is an nginx or a Traefik of yours, name it as the edge; else set \`edge.ports\`.`;
    taken.push({ message: `port ${port} is taken by another program`, hint });
  }
  return taken;
}

/** Whether somebody accepts connections there. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: 1_000 });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}

const noteIn = (folder: string): string => join(folder, "ports.json");

async function disagreement(folder: string, ports: Ports): Promise<Refusal | undefined> {
  const noted = await readIfPresent(noteIn(folder));
  if (noted === undefined) return undefined;
  const { http, https } = JSON.parse(noted) as Ports;
  if (http === ports.http && https === ports.https) return undefined;
  return {
    message: `it listens on ${http} and ${https} for the applications that are here already, not on ${ports.http} and ${ports.https}`,
    hint: "One edge serves all applications of a server: give them the same `edge.ports`.",
  };
}
