import { connect, type Socket } from "node:net";
import { connect as secure } from "node:tls";
import type { Address } from "./session.ts";

/** Reads a connection in pieces of a wanted length. Everything rejects once the connection has ended. */
export class Stream {
  #socket: Socket;
  #buffer: Buffer = Buffer.alloc(0);
  #wanted: { length: number; resolve: (piece: Buffer) => void; reject: (error: Error) => void } | undefined;
  #error: Error | undefined;
  readonly ended: Promise<void>;
  #end: () => void = () => undefined;

  constructor(socket: Socket) {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#socket = socket;
    this.#listen(socket);
  }

  /** Resolves once connected. */
  static async open({ host, port, path }: Address): Promise<Stream> {
    const socket = path ? connect(path) : connect(port, host);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", () => resolve());
      socket.once("error", reject);
    });
    socket.setKeepAlive(true, 30_000).setNoDelay(true);
    return new Stream(socket);
  }

  read(length: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#wanted = { length, resolve, reject };
      this.#serve();
    });
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Goes on in TLS. */
  async secure({ host, tls }: Address): Promise<void> {
    const plain = this.#socket;
    plain.removeAllListeners("data").removeAllListeners("close").removeAllListeners("error");
    const socket = secure({ socket: plain, servername: /^[\d.:]+$/.test(host) ? "" : host, rejectUnauthorized: tls === "verify" });
    await new Promise<void>((resolve, reject) => {
      socket.once("secureConnect", () => resolve());
      socket.once("error", reject);
    });
    this.#socket = socket;
    this.#listen(socket);
  }

  close(): void {
    this.#socket.destroy();
  }

  #listen(socket: Socket): void {
    socket.on("data", (piece: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, piece]);
      this.#serve();
    });
    socket.on("error", (error) => {
      this.#error = error;
    });
    socket.on("close", () => {
      this.#error ??= Object.assign(new Error("the server closed the connection"), { code: "ECONNRESET" });
      this.#serve();
      this.#end();
    });
  }

  #serve(): void {
    const wanted = this.#wanted;
    if (!wanted) return;
    if (this.#buffer.length >= wanted.length) {
      this.#wanted = undefined;
      const piece = this.#buffer.subarray(0, wanted.length);
      this.#buffer = this.#buffer.subarray(wanted.length);
      wanted.resolve(piece);
    } else if (this.#error) {
      this.#wanted = undefined;
      wanted.reject(this.#error);
    }
  }
}
