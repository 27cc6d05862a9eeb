import { readdir } from "node:fs/promises";
import { createConnection, createServer, type Socket } from "node:net";
import { delay } from "../../base/time.ts";
import { descendants } from "../../host/liveness.ts";
import { holders, sockets } from "../../host/sockets.ts";

/**
 * Who really listens, told by the kernel (Linux). PM2 says "online" of a process that never opens its port, and a port that
 * answers says nothing about new processes while old ones share it.
 */
export const canSee: boolean = process.platform === "linux";

/** The sockets that listen on a port: where they are reached. */
export async function listeners(port: number): Promise<{ inode: string; host: string }[]> {
  return (await sockets()).filter((row) => row.listens && row.port === port);
}

/** Every process of this machine that listens on the port; those of other users cannot be seen. */
export async function owners(port: number): Promise<{ open: boolean; pids: number[] }> {
  const inodes = new Set((await listeners(port)).map(({ inode }) => inode));
  if (inodes.size === 0) return { open: false, pids: [] };
  const all = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  return { open: true, pids: await holders(all, inodes) };
}

/** Where a process, or one it started, listens on the port; undefined as long as it does not. */
export async function listensOn(pid: number, port: number): Promise<string | undefined> {
  if (!canSee) return (await connects("127.0.0.1", port)) ? "127.0.0.1" : undefined;
  const open = await listeners(port);
  if (open.length === 0) return undefined;
  const tree = await descendants(pid);
  for (const { inode, host } of open) if ((await holders(tree, new Set([inode]))).length > 0) return host;
  return undefined;
}

/**
 * Those of the cluster workers `pids` that accept connections on the port. The listening socket is the daemon's, so the only
 * outside proof is a connection that arrives in the worker: it hands them round, one each.
 */
export async function accepting(pids: number[], port: number, all: number): Promise<Set<number>> {
  const [open] = await listeners(port);
  if (!open) return new Set();
  const found = new Set<number>();
  const connections = await Promise.all(Array.from({ length: all + 1 }, () => connect(open.host, port)));
  try {
    const ours = new Set(connections.flatMap((socket) => (socket?.localPort === undefined ? [] : [socket.localPort])));
    for (let round = 0; round < 10 && found.size < pids.length; round++) {
      const inodes = new Set((await sockets()).filter((row) => row.port === port && ours.has(row.remotePort)).map(({ inode }) => inode));
      for (const pid of await holders(pids, inodes)) found.add(pid);
      if (found.size < pids.length) await delay(10);
    }
    return found;
  } finally {
    for (const socket of connections) socket?.destroy();
  }
}

async function connects(host: string, port: number): Promise<boolean> {
  const socket = await connect(host, port);
  socket?.destroy();
  return socket !== undefined;
}

function connect(host: string, port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 1_000 });
    const fail = (): void => {
      socket.destroy();
      resolve(undefined);
    };
    socket.once("connect", () => resolve(socket)).once("timeout", fail);
    // Stays: whoever accepted may close it at any time.
    socket.on("error", fail);
  });
}

/** A port nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
