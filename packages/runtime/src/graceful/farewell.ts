import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/** RFC 6455, 7.4.1: close frame, status 1001 "going away", unmasked as servers send it. */
const goingAway = Buffer.from([0x88, 0x02, 0x03, 0xe9]);
/** What a client has to answer the frame. */
const patience = 500;

/** The connections that were upgraded (WebSocket), and the good-bye they get: status 1001, so that clients reconnect elsewhere. */
export class Farewell {
  readonly #sockets = new Map<Socket, boolean>();

  add(request: IncomingMessage, socket: Socket): void {
    this.#sockets.set(socket, request.headers.upgrade?.toLowerCase() === "websocket");
    socket.once("close", () => this.#sockets.delete(socket));
  }

  /** Says good-bye to all, and destroys who is left after 500 ms. */
  say(): void {
    for (const [socket, speaksWebSocket] of this.#sockets) {
      // Nothing written yet means no handshake yet: a frame would be read as a broken answer to it.
      if (speaksWebSocket && socket.bytesWritten > 0 && socket.writable) socket.write(goingAway);
    }
    setTimeout(() => {
      for (const socket of this.#sockets.keys()) socket.destroy();
    }, patience);
  }
}
