// A rehearsal beside a restore and a migration typed by hand, on a PostgreSQL of its own, and what production feels of it:
// `script/bench rehearse [pgbench scale, 30 is 450 MB] [rounds]`.
// Budgets: 1.6 times restore + migrate by hand, 120 MB of memory of Aplomo itself, production's p99 1.5 times that without a rehearsal.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { takeLab } from "./lab.mjs";

const scale = Number(process.argv[2] ?? 30);
const rounds = Number(process.argv[3] ?? 3);
const root = resolve(import.meta.dirname, "../..");
process.chdir(root);
takeLab();
execFileSync("npx", ["tsc", "--noCheck"], { stdio: "inherit" });
const compiled = join(root, ".cache/js/packages/aplomo");
const { startPostgres } = await import(join(compiled, "test/support/postgres.js"));
const { booker, bookingsRig } = await import(join(compiled, "test/support/bookings.js"));
const { edgeProgram } = await import(join(compiled, "test/support/edge-rigs.js"));

const migration =
  "ALTER TABLE pgbench_accounts ADD COLUMN note text; UPDATE pgbench_accounts SET note = 'n' WHERE aid % 10 = 0; CREATE INDEX accounts_note ON pgbench_accounts (note);";
const perSecond = 50;

const cluster = await startPostgres({ shared_buffers: "512MB", max_wal_size: "4GB" });
const folder = mkdtempSync(join(tmpdir(), "aplomo-bench-"));
const env = { ...process.env, PGHOST: cluster.socket, PGUSER: "postgres", PATH: `${cluster.bin}:${process.env.PATH}` };
let rig;
let client;
try {
  await cluster.sql("postgres", "CREATE DATABASE shop");
  execFileSync(join(cluster.bin, "pgbench"), ["-i", "-q", "-s", String(scale), "shop"], { env, stdio: "ignore" });
  rig = await bookingsRig("postgres", cluster.url("shop"), edgeProgram("caddy").program);
  await rig.assemble("name", "CREATE TABLE bookings (id integer PRIMARY KEY, name varchar(40) NOT NULL);");
  await aplomo("deploy");
  await rig.assemble("name", migration);
  console.log(`data: ${await cluster.sql("shop", "SELECT pg_size_pretty(pg_database_size('shop'))")}, ${perSecond} bookings a second`);
  await shell("pg_dump shop | zstd -q -3 -f -o bare.zst");
  client = booker(rig.port, perSecond);
  const times = { hand: [], rehearsal: [], quiet: [], during: [], memory: [] };
  for (let round = 0; round < rounds; round += 1) {
    client.latencies();
    await sleep(8_000);
    times.quiet.push(p99(client.latencies()));
    times.hand.push(
      (await shell("createdb --template=template0 bare && zstd -dc bare.zst | psql -X -q -1 -v ON_ERROR_STOP=1 -o /dev/null -d bare")) +
        (await shell(`psql -X -q -1 -d bare -c "${migration}"`)),
    );
    await shell("dropdb bare");
    client.latencies();
    const { stepMs, peak } = await aplomo("rehearse");
    times.during.push(p99(client.latencies()));
    times.rehearsal.push(stepMs / 1_000);
    times.memory.push(peak / 1e6);
  }
  const show = (name, values, unit) =>
    console.log(`${name.padEnd(40)}${median(values).toFixed(2)} ${unit}  (${values.map((one) => one.toFixed(2)).join(" ")})`);
  show("createdb; zstd -dc | psql -1; migration", times.hand, "s");
  show("the rehearsal", times.rehearsal, "s");
  show("p99 without one", times.quiet, "ms");
  show("p99 during one, its backup included", times.during, "ms");
  show("memory of Aplomo", times.memory, "MB");
  ratio("rehearsal / by hand", times.rehearsal, times.hand, "at most 1.60");
  ratio("p99 during / without", times.during, times.quiet, "at most 1.50");
  console.log(`memory of Aplomo                        ${Math.round(Math.max(...times.memory))} MB  (budget 120)`);
} finally {
  await client?.stop();
  await rig?.close();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Runs what users run; tells how long its rehearsal took, and the most memory the process had. */
async function aplomo(command) {
  const child = spawn(process.execPath, [join(root, "packages/aplomo/dist/aplomo.js"), command, "--json"], {
    cwd: rig.folder,
    env: rig.env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  let peak = 0;
  child.stdout.on("data", (text) => (said += text));
  const look = setInterval(() => {
    try {
      peak = Math.max(peak, Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0) * 1024);
    } catch {
      // It has ended.
    }
  }, 50);
  const code = await new Promise((ended) => child.once("close", ended));
  clearInterval(look);
  if (code !== 0) throw new Error(`aplomo ${command} ended with ${code}:\n${said.slice(-2_000)}`);
  const step = said.split("\n").find((line) => line.includes('"type":"step.ended","step":"rehearse.release"'));
  return { stepMs: step ? JSON.parse(step).durationMs : 0, peak };
}

async function shell(command) {
  const began = performance.now();
  const child = spawn("bash", ["-c", `set -o pipefail; ${command}`], { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] });
  const code = await new Promise((ended) => child.once("close", ended));
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
  return (performance.now() - began) / 1_000;
}

function p99(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function ratio(name, some, others, budget) {
  console.log(`${name.padEnd(40)}${median(some.map((one, at) => one / others[at])).toFixed(2)}  (${budget})`);
}
