import { reason } from "../../base/errors.ts";
import type { Context } from "../../host/context.ts";
import type { Command, Running } from "../../host/run.ts";
import { StoreError } from "../contract.ts";
import type { SftpSettings } from "../settings.ts";
import { sshFailure, statusFailure } from "./errors.ts";
import { Fields, kinds, packet, Packets, status } from "./wire.ts";

/** One connection. When it breaks, every request under way and every later one fails with `unreachable`. */
export interface Session {
  /** Extensions the server has, by name. */
  extensions: ReadonlySet<string>;
  /** Sends a request and gives the answer's fields; an answer of another kind throws what the server said. */
  ask(subject: string, answer: number, kind: number, ...fields: Parameters<typeof packet>[1][]): Promise<Fields>;
  /** Whether the connection has ended. */
  ended(): boolean;
  close(): Promise<void>;
}

/** The system's own ssh, so that the user's configuration, agent, jump hosts and known_hosts count. It never asks for anything. */
export function sshCommand({ host, port, ssh_config: config }: SftpSettings): Command {
  const options = ["BatchMode=yes", "ConnectTimeout=20", "ServerAliveInterval=15", "ServerAliveCountMax=3", "ClearAllForwardings=yes"];
  return {
    argv: [
      "ssh",
      ...(config === undefined ? [] : ["-F", config]),
      ...(port === undefined ? [] : ["-p", String(port)]),
      ...options.flatMap((option) => ["-o", option]),
      "-s",
      // A host that begins with a hyphen would be an option.
      "--",
      host,
      "sftp",
    ],
  };
}

interface Waiting {
  subject: string;
  answer: number;
  resolve(fields: Fields): void;
  reject(error: unknown): void;
}

export async function openSession(ctx: Context, settings: SftpSettings, title: string): Promise<Session> {
  ctx.signal.throwIfAborted();
  const ssh = ctx.host.spawn(sshCommand(settings), ["pipe", "pipe", "pipe"]);
  const waiting = new Map<number, Waiting>();
  let broken: unknown;
  let number = 0;
  let said = "";
  let greet: (fields: Fields) => void = () => {};

  const fail = (error: unknown): void => {
    broken ??= error;
    ssh.kill();
    for (const one of waiting.values()) one.reject(broken);
    waiting.clear();
  };
  const stop = (): void => fail(ctx.signal.reason);
  ctx.signal.addEventListener("abort", stop, { once: true });
  ssh.stderr?.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4_096)));
  // Its end is told by `ended`, with the reason on its standard error.
  ssh.stdin?.on("error", () => {});
  const over = ssh.ended.then(({ code }) => {
    ctx.signal.removeEventListener("abort", stop);
    fail(sshFailure(code, said, title));
  });
  const packets = new Packets();
  ssh.stdout?.on("data", (chunk: Buffer) => {
    try {
      for (const bytes of packets.add(chunk)) receive(bytes);
    } catch (error) {
      fail(new StoreError("refused", { operation: "speak SFTP with", subject: title, cause: reason(error) }));
    }
  });

  function receive(bytes: Buffer): void {
    const fields = new Fields(bytes);
    const kind = fields.byte();
    if (kind === kinds.version) return greet(fields);
    const id = fields.number();
    const one = waiting.get(id);
    if (!one) return;
    waiting.delete(id);
    if (kind === one.answer && kind !== kinds.status) return one.resolve(fields);
    const code = kind === kinds.status ? fields.number() : status.failure;
    if (kind === kinds.status && one.answer === kinds.status && code === status.ok) return one.resolve(fields);
    one.reject(statusFailure(code, fields.left > 0 ? fields.text() : "", one.subject));
  }

  const version = await new Promise<Fields>((resolve, reject) => {
    greet = resolve;
    waiting.set(-1, { subject: title, answer: kinds.version, resolve, reject });
    send(ssh, packet(kinds.init, 3));
  });
  waiting.delete(-1);
  version.number();
  const extensions = new Set<string>();
  while (version.left > 0) {
    extensions.add(version.text());
    version.bytes();
  }

  return {
    extensions,
    ask(subject, answer, kind, ...fields) {
      if (broken !== undefined) return Promise.reject(broken);
      number = (number + 1) % 0xffffffff;
      const id = number;
      return new Promise((resolve, reject) => {
        waiting.set(id, { subject, answer, resolve, reject });
        send(ssh, packet(kind, id, ...fields));
      });
    },
    ended: () => broken !== undefined,
    async close() {
      fail(new StoreError("unreachable", { operation: "use", subject: title, cause: "the connection was closed" }));
      await over;
    },
  };
}

function send({ stdin }: Running, pieces: Buffer[]): void {
  if (!stdin?.writable) return;
  stdin.cork();
  for (const piece of pieces) stdin.write(piece);
  stdin.uncork();
}
