import { connect } from "node:net";

/** Sends `count` requests for a path over 10 kept connections, one after the other on each; resolves when all are answered with 200. */
export async function send(port, path, count) {
  const text = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const lane = (left) =>
    new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => socket.write(text));
      socket.on("error", reject);
      socket.on("data", (answer) => {
        if (!answer.toString("latin1", 0, 12).endsWith("200")) reject(new Error(answer.toString()));
        left -= 1;
        if (left > 0) return socket.write(text);
        socket.destroy();
        return resolve();
      });
    });
  await Promise.all(Array.from({ length: 10 }, () => lane(Math.ceil(count / 10))));
}
