// What health costs: CPU time a request, beside a bare node:http server, in turns, over several processes: node health.mjs [BATCHES]
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { bench, median, prepare, printTable } from "./prepare.mjs";
import { send } from "./health/requests.mjs";

prepare();
const batches = Number(process.argv[2] ?? 30);
const rounds = 4;
const count = 4_000;
const subjects = [
  { name: "bare", kind: "bare", path: "/", beside: 0 },
  { name: "bare, once more", kind: "bare", path: "/", beside: 0 },
  { name: "the application's own path, under graceful()", kind: "graceful", path: "/", beside: 0 },
  { name: "bare, answering with the headers of /healthz", kind: "headers", path: "/", beside: 3 },
  { name: "/healthz, under graceful()", kind: "graceful", path: "/healthz", beside: 3 },
];
for (const subject of subjects) subject.costs = [];
// Two processes of one program differ by more than what is measured here, so each batch has new ones.
for (let batch = 0; batch < batches; batch += 1) await measure();
process.stdout.write(
  `Node ${process.version}, ${batches} batches of new processes, ${rounds} rounds of ${count} requests each, in turns; CPU time of the server\n\n`,
);
printTable(
  ["node:http server", "µs a request", "throughput"],
  subjects.map(({ name, costs, beside }) => {
    const ratio = median(costs) / median(subjects[beside].costs);
    const text = `${((1 / ratio - 1) * 100).toFixed(1)} %`;
    return [name, median(costs).toFixed(2), subjects[beside].name === name ? "100 %" : `${text} beside "${subjects[beside].name}"`];
  }),
);

async function measure() {
  const running = [];
  try {
    for (const subject of subjects) {
      const child = fork(join(bench, "health/server.mjs"), [subject.kind], { env: { ...process.env, NODE_ENV: "production" } });
      running.push(child);
      const [port] = await once(child, "message");
      Object.assign(subject, { child, port, round: [] });
      // As warm as a server that has been up for a while.
      await send(port, subject.path, 20_000);
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const subject of shuffled(subjects)) {
        const before = await cpu(subject);
        await send(subject.port, subject.path, count);
        subject.round.push(((await cpu(subject)) - before) / count);
      }
    }
    // The least disturbed round of each.
    for (const { costs, round } of subjects) costs.push(Math.min(...round));
  } finally {
    for (const child of running) child.kill("SIGKILL");
  }
}

/** A new order each time: what runs twice in a row finds warm caches. */
function shuffled(items) {
  return items
    .map((item) => [Math.random(), item])
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}

async function cpu({ child }) {
  child.send("cpu");
  const [time] = await once(child, "message");
  return time;
}
