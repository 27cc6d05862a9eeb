import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { AplomoError } from "../base/errors.ts";

/** Below those that the system gives to outgoing connections, which would be in the way of a unit that is started again. */
const first = 20_000;
const last = 29_999;

/**
 * So many ports in a row that nobody listens on and that are none of `taken`. Where the search begins is the application's own, so that
 * two that deploy at once do not find the same.
 */
export async function ownPorts(app: string, count: number, taken: ReadonlySet<number>): Promise<number[]> {
  const size = last - first - count + 2;
  const begin = createHash("sha256").update(app).digest().readUInt32BE() % size;
  for (let step = 0; step < size; step += 1) {
    const from = first + ((begin + step) % size);
    const ports = Array.from({ length: count }, (_, index) => from + index);
    if (ports.some((port) => taken.has(port))) continue;
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return ports;
  }
  throw new AplomoError({
    operation: "find",
    subject: `${count} free ports`,
    cause: `none are left from ${first} to ${last}`,
    hint: "See who has them: ss -tln.",
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
