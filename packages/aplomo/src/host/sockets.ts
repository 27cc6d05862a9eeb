import { readdir, readFile, readlink } from "node:fs/promises";

/** A TCP socket, as the kernel lists it (Linux). */
export interface Socket {
  inode: string;
  /** By which this machine reaches it. */
  host: string;
  port: number;
  remotePort: number;
  listens: boolean;
  /** Bound to the loopback alone: nobody outside reaches it. */
  loopback: boolean;
}

/** The sockets of the network a process is in; default: this process's own. */
export async function sockets(pid: number | "self" = "self"): Promise<Socket[]> {
  const tables = await Promise.all(["tcp", "tcp6"].map((name) => readFile(`/proc/${pid}/net/${name}`, "utf8").catch(() => "")));
  return tables.flatMap(parseSockets);
}

/** `/proc/net/tcp`: addresses and ports in hexadecimal, state 0A is LISTEN, the tenth field the socket's inode. */
export function parseSockets(table: string): Socket[] {
  return table
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [address = "", port = ""] = (fields[1] ?? "").split(":");
      const remotePort = (fields[2] ?? "").split(":")[1] ?? "";
      const inode = fields[9];
      if (inode === undefined || inode === "0") return [];
      const host = reach(address);
      const loopback = !/^0+$/.test(address) && (host === "::1" || host.startsWith("127."));
      return [{ inode, host, port: parseInt(port, 16), remotePort: parseInt(remotePort, 16), listens: fields[3] === "0A", loopback }];
    });
}

/** The address by which this machine reaches a socket bound to `address`: IPv4 in one little-endian word, IPv6 in four. */
function reach(address: string): string {
  if (/^0+$/.test(address)) return "127.0.0.1";
  if (address.length === 32 && !address.startsWith("0000000000000000FFFF0000")) return address.endsWith("01000000") ? "::1" : ipv6(address);
  const word = address.slice(-8).match(/../g) ?? [];
  return word
    .map((byte) => parseInt(byte, 16))
    .toReversed()
    .join(".");
}

function ipv6(address: string): string {
  const words = address.match(/.{8}/g) ?? [];
  const bytes = words.map((word) => (word.match(/../g) ?? []).toReversed().join(""));
  return (bytes.join("").match(/.{4}/g) ?? []).join(":");
}

/** The processes among `pids` that hold one of these sockets. */
export async function holders(pids: Iterable<number>, inodes: Set<string>): Promise<number[]> {
  const found: number[] = [];
  for (const pid of pids) if ((await socketsOf(pid)).some((inode) => inodes.has(inode))) found.push(pid);
  return found;
}

/** Inodes of the sockets a process holds; none when it has ended, or is another user's. */
export async function socketsOf(pid: number): Promise<string[]> {
  try {
    const folder = `/proc/${pid}/fd`;
    const links = await Promise.all((await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => "")));
    return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
  } catch {
    return [];
  }
}
