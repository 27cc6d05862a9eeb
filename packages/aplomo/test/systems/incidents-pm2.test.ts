import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before } from "node:test";
import { agentPaths, watchPaths } from "../../src/agent/paths.ts";
import { appendSample, type Sample } from "../../src/agent/sample.ts";
import { poll } from "../../src/base/time.ts";
import { findLibrary } from "../../src/databases/sqlite/open.ts";
import { freePort } from "../../src/targets/pm2/listening.ts";
import { aplomo, failureOf, finishedOf, type AgendaRig, type Run } from "../support/agenda.ts";
import { pm2Rig } from "../support/agenda-pm2.ts";
import { answerOf, textOf } from "../support/compose.ts";
import { book } from "../lab/deploy/scenarios.ts";
import { incident, words } from "./incident.ts";
import { run, workplace, type Ended, type Workplace } from "./workplace.ts";

let rig: AgendaRig;
const database = (): string => join(dirname(rig.folder), "data", "agenda.db");

before(async () => {
  rig = await pm2Rig();
  rig.configure(/watch: \w+/, "watch: 1s");
  // Their jobs beside ours: told apart by the variables of the test's shell.
  rig.configure(
    /^seed:.*$/m,
    "derive:\n  - { name: per-day, run: [node, refresh.js, per-day] }\n  - { name: last-visit, run: [node, refresh.js, last-visit] }\n$&",
  );
  await assemble("v2", { "refresh.js": "" });
  const first = await aplomo(rig, "deploy");
  assert.equal(first.code, 0, first.output.slice(-3_000));
  await book(rig.port, 5);
});
after(() => rig?.close());

/** A version of the agenda with files of the incident in place of its own. */
async function assemble(version: string, files: Record<string, string> = {}): Promise<void> {
  await rig.assemble(version);
  for (const [name, text] of Object.entries({ "refresh.js": "", ...files })) await writeFile(join(rig.folder, name), text, { mode: 0o755 });
}

/** A script of theirs, with what production has in its environment. */
const theirs = (script: string, folder = rig.folder): Promise<Ended> =>
  run("bash", ["-c", script], folder, { ...rig.env, DATABASE_FILE: database() });

/** The application in a folder, started as they did, asked, and ended again. */
async function asked(start: string, path: string): Promise<{ health: number; status: number }> {
  const port = await freePort();
  const script = `PORT=${port} ${start} >server.log 2>&1 & pid=$!
for i in $(seq 100); do curl -fsS -o /dev/null http://127.0.0.1:${port}/healthz 2>/dev/null && break; sleep 0.1; done
for path in /healthz ${path}; do curl -s -o /dev/null -w '%{http_code} ' http://127.0.0.1:${port}$path; done
kill $pid; wait $pid`;
  const [health, status] = (await theirs(script)).output.split(" ").map(Number);
  return { health: health ?? 0, status: status ?? 0 };
}

/** Their migration tool in a Dockerfile and an entrypoint, for the audit, which only reads. */
const image = (entrypoint: string): Record<string, string> => ({
  Dockerfile: 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nENTRYPOINT ["./entrypoint.sh"]\n',
  "entrypoint.sh": entrypoint,
});

function refused(run: Run): string {
  assert.deepEqual([run.code, finishedOf(run).outcome], [1, "refused"], run.output.slice(-3_000));
  return failureOf(run).failure.message;
}

incident("I1", "the code expects a column that production lacks", false, async () => {
  const { write } = await findLibrary();
  // By hand, years ago: the migrations' own table says that all is there.
  write(database(), "ALTER TABLE appointments DROP COLUMN note");
  try {
    await assemble("v2");
    const migrated = await theirs("node migrate.js");
    assert.deepEqual([migrated.code, /nothing to do/.test(migrated.output)], [0, true], migrated.output);
    assert.deepEqual(await asked("node server.js", "/?day=2090-01-01"), { health: 200, status: 500 });
    const found = await aplomo(rig, "rehearse", "--migrate");
    const message = refused(found);
    const drift = JSON.stringify(failureOf(found).failure.evidence?.["drift"]);
    return {
      then: "the migration tool says there is nothing to do, the health check answers 200, and the page of every day is a 500",
      caught: { rehearse: words(message, /[^]*/), drift: words(drift, /appointments[^"]*note[^"]*/) },
    };
  } finally {
    write(database(), "ALTER TABLE appointments ADD COLUMN note TEXT NOT NULL DEFAULT ''");
  }
});

incident("I2", "the refresh of summaries dies on one null", false, async () => {
  const refresh = `import { readSettings } from "./settings.js";
import { openStorage } from "./storage/open.js";
const storage = openStorage(readSettings(process.env), { migrating: true });
const steps = {
  "per-day": async () => void (await storage.query("SELECT day, count(*) AS visits FROM appointments GROUP BY day")),
  // Nobody has booked with some of them yet.
  "last-visit": async () => {
    for (const { last } of await storage.query("SELECT (SELECT max(day) FROM appointments WHERE practitioner_id = p.id) AS last FROM practitioners p")) last.slice(0, 7);
  },
  "per-month": async () => console.log("refreshed per-month"),
};
for (const name of process.argv[2] ? [process.argv[2]] : Object.keys(steps)) await steps[name]();
`;
  await assemble("v2", { "refresh.js": refresh });
  const all = await theirs("node refresh.js");
  assert.notEqual(all.code, 0);
  assert.doesNotMatch(all.output, /per-month|last-visit.*failed/);
  const found = await aplomo(rig, "rehearse", "--migrate");
  return {
    then: "`node refresh.js` ends at the first null with a stack; the summaries after it are not refreshed, and nobody knows which",
    caught: { rehearse: words(refused(found), /.*exit code 1/) },
  };
});

incident("I12", "the seed deletes users at each deploy", false, async (t) => {
  const seed = `import { readSettings } from "./settings.js";
import { openStorage } from "./storage/open.js";
const storage = openStorage(readSettings(process.env), { migrating: true });
await storage.query("DELETE FROM reminders");
await storage.query("DELETE FROM appointments");
await storage.query("DELETE FROM patients");
console.log("seeded");
`;
  await assemble("v2", { "seed.js": seed });
  const copy = join(dirname(rig.folder), "copy.db");
  (await findLibrary()).write(database(), `VACUUM INTO '${copy}'`);
  const count = `DATABASE_FILE=${copy} node count.mjs`;
  await writeFile(
    join(rig.folder, "count.mjs"),
    'import { readSettings } from "./settings.js"; import { openStorage } from "./storage/open.js"; const s = openStorage(readSettings(process.env)); console.log((await s.query("SELECT count(*) AS n FROM patients"))[0].n); await s.close();',
  );
  const beforeSeed = (await theirs(count)).output.trim();
  const seeded = await theirs(`DATABASE_FILE=${copy} node seed.js`);
  assert.deepEqual([seeded.code, seeded.output.trim(), (await theirs(count)).output.trim()], [0, "seeded", "0"]);
  assert.equal(beforeSeed, "5");

  const message = refused(await aplomo(rig, "rehearse", "--migrate"));
  const place = await workplace(t, {
    "seed.js": seed,
    ...image("#!/bin/sh\nset -e\nnode seed.js\nexec node server.js\n"),
    "server.js": "listen();\n",
  });
  const audit = await place.aplomo("audit");
  assert.equal(audit.code, 1, audit.output);
  return {
    then: 'the seed runs at the deploy: "seeded", exit code 0; 5 patients before, none after',
    caught: { rehearse: words(message, /[^]*/), audit: words(audit.output, /.*(?:deletes|DELETE).*/) },
  };
});

incident("I17", "the migration fails, and the entrypoint goes on", false, async (t) => {
  const entrypoint = '#!/bin/sh\nnode migrate.js || echo "migration failed, continuing"\nexec node server.js\n';
  await assemble("migration-fails", { "entrypoint.sh": entrypoint });
  assert.deepEqual(await asked("./entrypoint.sh", "/healthz"), { health: 200, status: 200 });
  const log = await theirs("cat server.log");
  assert.match(log.output, /migrate: failed[^]*continuing[^]*2\.2\.1/);

  const message = refused(await aplomo(rig, "deploy"));
  const place = await workplace(t, {
    ...image("#!/bin/sh\nnpx prisma migrate deploy || echo 'migration failed, continuing'\nexec node server.js\n"),
    "server.js": "listen();\n",
  });
  const audit = await place.aplomo("audit");
  assert.equal(audit.code, 1, audit.output);
  return {
    then: "the new version is in front on the old schema, and its health check answers 200",
    caught: { rehearse: words(message, /[^]*/), audit: words(audit.output, /.*(?:migrat|fail).*/) },
  };
});

incident("I13", "memory grows until the supervisor restarts it", false, async (t) => {
  const port = await freePort();
  const limit = 160;
  const place = await workplace(
    t,
    {
      "server.js": `const held = [];
require("node:http").createServer((request, response) => {
  const wanted = Number(new URL(request.url, "http://x").searchParams.get("mb") ?? 0);
  while (process.memoryUsage().rss < wanted * 2 ** 20) held.push(Buffer.alloc(2 ** 20, 1));
  response.end(String(process.pid));
}).listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGINT", () => process.exit(0));
`,
      "aplomo.yml": `app: hub
target: { kind: pm2, script: server.js, port: ${port}, max_memory_restart: ${limit}M }
health: { path: /, within: 20s, watch: 1s }
`,
    },
    { PM2_WORKER_INTERVAL: "500" },
  );
  const url = `http://127.0.0.1:${port}/`;
  // The daemon keeps the environment it is started with.
  await place.sh("pm2 ping");
  const deployed = await place.aplomo("deploy");
  assert.equal(deployed.code, 0, deployed.output);
  const first = await answerOf(url);

  // The looks of the past hour and a half, as the agent notes them; the present one is a real one.
  await textOf(`${url}?mb=110`);
  const now = await lookAt(place);
  const { samples } = watchPaths(agentPaths(String(place.env["APLOMO_HOME"])), "hub");
  for (let back = 30; back > 0; back--) await appendSample(samples, earlier(now.sample, back));
  const look = await lookAt(place);
  const grows = look.signals.find(({ key }) => key.startsWith("memory:"));
  assert.ok(grows, JSON.stringify(look.signals));

  await textOf(`${url}?mb=${limit + 20}`);
  const other = await poll(async () => (((await textOf(url)) ?? first) === first ? undefined : true), { limit: 30_000 });
  assert.ok(other, "PM2 has begun it anew");
  const list = await place.sh("pm2 jlist");
  assert.match(list.output, /"status":"online"/);
  const after = await lookAt(place);
  const restarts = after.signals.find(({ key }) => key.startsWith("restarts:"));
  assert.ok(restarts, JSON.stringify(after.signals));
  return {
    then: "PM2 begins it anew, in the middle of its requests; `pm2 list` says online, and nobody is told",
    caught: { "agent, an hour before": hidden(grows.message), "agent, after it": hidden(restarts.message) },
  };
});

async function lookAt(place: Workplace): Promise<{ sample: Sample; signals: { key: string; message: string }[] }> {
  const { output } = await place.aplomo("agent", "look", "--json");
  const result = output.split("\n").find((line) => line.includes('"command":"agent look"'));
  assert.ok(result, output);
  return (JSON.parse(result) as { data: { sample: Sample; signals: { key: string; message: string }[] } }).data;
}

/** What a look so many times three minutes ago would have seen of a leak that has been steady. */
function earlier(sample: Sample, back: number): Sample {
  const units = sample.units.map((unit) => ({ ...unit, memory: (unit.memory ?? 0) - back * 1.2e6 }));
  return { ...sample, at: new Date(Date.parse(sample.at) - back * 180_000).toISOString(), units };
}

/** How long it takes and how much it is differs from run to run. */
function hidden(message: string): string {
  return message.replace(/about [\d.]+ (?:min [\d]+ s|s)/, "about ... min").replace(/\d+ MB of/, "... MB of");
}
