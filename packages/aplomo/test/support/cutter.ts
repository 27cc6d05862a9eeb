import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

/** A way to a server on this machine that can be cut. */
export interface Cutter {
  port: number;
  /** Bytes that went to the server so far. */
  sent(): number;
  /** Cuts every connection when so many more bytes have gone to the server; once. */
  cutAfter(bytes: number): void;
  cutNow(): void;
  /** The next cut lasts until `mend`. */
  breakAtCut(): void;
  mend(): void;
  /** Changes one byte at this place of what goes to the server from now on; once. */
  flipAfter(bytes: number): void;
  /** Changes one byte of the next large piece that comes back; once. */
  flipBack(): void;
  close(): Promise<void>;
}

export async function startCutter(target: number): Promise<Cutter> {
  const open = new Set<Socket>();
  let sent = 0;
  let cutAt = Infinity;
  let flipAt = Infinity;
  let flipping = false;
  let broken = false;
  let breaks = false;
  const server = createServer((client) => {
    if (broken) return void client.resetAndDestroy();
    const upstream = connect(target, "127.0.0.1");
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    upstream.on("data", (chunk: Buffer) => {
      if (flipping && chunk.length > 16 * 1024) {
        flip(chunk, chunk.length >> 1);
        flipping = false;
      }
      if (client.write(chunk)) return;
      upstream.pause();
      client.once("drain", () => upstream.resume());
    });
    client.on("data", (chunk: Buffer) => {
      const allowed = cutAt - sent;
      if (flipAt >= sent && flipAt < sent + chunk.length) {
        flip(chunk, flipAt - sent);
        flipAt = Infinity;
      }
      sent += chunk.length;
      if (chunk.length < allowed) {
        if (!upstream.write(chunk)) {
          client.pause();
          upstream.once("drain", () => client.resume());
        }
        return;
      }
      cutAt = Infinity;
      broken = breaks;
      // What came before the cut arrives, as it does on a real line.
      upstream.write(chunk.subarray(0, allowed), () => {
        for (const socket of open) socket.resetAndDestroy();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    sent: () => sent,
    cutAfter: (bytes) => void (cutAt = sent + bytes),
    flipAfter: (bytes) => void (flipAt = sent + bytes),
    cutNow: () => {
      for (const socket of open) socket.resetAndDestroy();
    },
    flipBack: () => void (flipping = true),
    breakAtCut: () => void (breaks = true),
    mend: () => void (broken = breaks = false),
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function flip(bytes: Buffer, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
}
