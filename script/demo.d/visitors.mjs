// Visitors of the agenda: they read pages and book appointments at a steady rate, and every request that is not answered well
// is counted. Each uses a connection of its own, and nothing is ever tried again: a client that reconnects hides what was lost.
import { request } from "node:http";

/**
 * @param {{ port: number, perSecond: number }} options
 * @returns visitors under way; `stop()` waits for the last answer
 */
export function sendVisitors({ port, perSecond }) {
  /** @type {{ sent: number, failed: number, booked: Set<number>, problems: Map<string, number> }} */
  const tally = { sent: 0, failed: 0, booked: new Set(), problems: new Map() };
  const open = new Set();
  let number = 0;
  const timer = setInterval(() => {
    const visit = number % 3 === 0 ? book(port, number) : read(port);
    number += 1;
    tally.sent += 1;
    const one = visit.then(
      (id) => id !== undefined && tally.booked.add(id),
      (error) => {
        tally.failed += 1;
        tally.problems.set(error.message, (tally.problems.get(error.message) ?? 0) + 1);
      },
    );
    open.add(one);
    void one.finally(() => open.delete(one));
  }, 1_000 / perSecond);
  return {
    tally,
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      return tally;
    },
  };
}

/** How many rows the agenda shows for the appointments a visitor was told are booked. */
export async function countBooked(port, ids) {
  const found = new Set();
  for (let after = 0; ;) {
    const { appointments } = JSON.parse((await send(port, "GET", `/api/appointments?after=${after}&limit=1000`)).body);
    for (const { id } of appointments) found.add(id);
    if (appointments.length < 1000) break;
    after = appointments.at(-1).id;
  }
  return { kept: [...ids].filter((id) => found.has(id)).length, all: found.size };
}

async function read(port) {
  const { status } = await send(port, "GET", "/");
  if (status !== 200) throw new Error(`answered ${status}`);
}

/** Every booking has a slot of its own, years ahead, so that none is refused for being taken. */
async function book(port, number) {
  const slot = number + Number(process.hrtime.bigint() % 100_000_000n);
  const day = new Date(Date.UTC(2100, 0, 1) + Math.floor(slot / 80) * 86_400_000).toISOString().slice(0, 10);
  const half = slot % 20;
  const time = `${String(8 + Math.floor(half / 2)).padStart(2, "0")}:${half % 2 ? "30" : "00"}`;
  const body = { practitionerId: 1 + (Math.floor(slot / 20) % 4), day, time, name: `Visitor ${slot}`, phone: "555 0100" };
  const answer = await send(port, "POST", "/api/appointments", body);
  if (answer.status === 409) return undefined;
  if (answer.status !== 201) throw new Error(`answered ${answer.status}`);
  return JSON.parse(answer.body).id;
}

function send(port, method, path, content) {
  return new Promise((resolve, reject) => {
    const text = content === undefined ? "" : JSON.stringify(content);
    const headers = text ? { "content-type": "application/json", "content-length": Buffer.byteLength(text) } : {};
    const call = request({ host: "127.0.0.1", port, method, path, headers, agent: false, timeout: 10_000 }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (body += chunk));
      response.on("end", () => resolve({ status: response.statusCode, body }));
      response.on("error", reject);
    });
    call.on("timeout", () => call.destroy(new Error("no answer within 10 s")));
    call.on("error", (error) => reject(new Error(error.code ?? error.message)));
    call.end(text);
  });
}
