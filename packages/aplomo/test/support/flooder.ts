/**
 * A client that asks and asks: `node flooder.js PORT COUNT BEHIND` writes COUNT requests to 127.0.0.1:PORT, BEHIND one another on a
 * connection and ten connections at a time, takes whatever comes, and prints how many it wrote, in how many seconds, and what was said.
 * A process of its own, that it costs the asked one nothing but its requests.
 */
import { connect } from "node:net";
import { text } from "node:stream/consumers";

const [port = 0, count = 0, behind = 1] = process.argv.slice(2).map(Number);
const request = "GET / HTTP/1.1\r\nhost: a\r\nauthorization: Bearer nobody\r\n\r\n".repeat(behind);
const said: Record<string, number> = {};
let asked = 0;
const began = performance.now();

async function ask(): Promise<void> {
  while (asked < count) {
    asked += behind;
    const socket = connect(port, "127.0.0.1");
    socket.write(request);
    const answers = await text(socket).catch(() => "");
    const statuses = [...answers.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => String(status));
    for (const status of statuses.length > 0 ? statuses : ["closed"]) said[status] = (said[status] ?? 0) + 1;
  }
}

void Promise.all(Array.from({ length: 10 }, ask)).then(() =>
  console.log(JSON.stringify({ asked, seconds: (performance.now() - began) / 1_000, said })),
);
