// What a deploy costs those who use the application, and what becomes of a bad one: the agenda on the lab's engine with 50 requests a second, Aplomo
// behind Caddy beside what people type today. Writes its tables into docs/BENCHMARKS.md.
//   script/bench switch            six versions, one good and five that must not stay
//   script/bench switch rounds 20  so many deploys and rollbacks in a row at 200 requests a second, on every target and edge
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const root = resolve(import.meta.dirname, "../..");
process.chdir(root);
for (const line of execFileSync("script/lab", ["env"], { encoding: "utf8" }).split("\n")) {
  const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
  if (name) process.env[name] = value.replaceAll('"$PATH"', process.env.PATH).replaceAll(/^["']|["']$/g, "");
}
execFileSync("npx", ["tsc", "--noCheck"], { stdio: "inherit" });
const support = (name) => import(join(root, `.cache/js/packages/aplomo/test/support/${name}.js`));
const { aplomo } = await support("agenda");
const { composeRig } = await support("agenda-compose");
const { frontedRig } = await support("agenda-edge");
const { steadyClient } = await support("strict-client");
const { get } = await import(join(root, ".cache/js/packages/aplomo/src/host/http.js"));
const { book } = await import(join(root, ".cache/js/packages/aplomo/test/lab/deploy/scenarios.js"));

const [mode = "versions", count = "20"] = process.argv.slice(2);
const page = join(root, "docs/BENCHMARKS.md");
const machine = `${cpus().length} cores, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`;
await (mode === "rounds" ? rounds(Number(count)) : versions());

async function rounds(times) {
  const rows = [];
  for (const [target, edge] of [
    ["compose", "caddy"],
    ["compose", "nginx"],
    ["pm2 cluster", "caddy"],
    ["pm2 fork", "caddy"],
  ]) {
    const rig = await frontedRig(target, edge);
    const client = steadyClient(`http://127.0.0.1:${rig.port}/api/practitioners`, 0);
    try {
      rig.configure(/watch: \w+/, "watch: 1s");
      await rig.assemble("v1");
      await run(rig, "deploy");
      client.faster(200);
      for (let round = 0; round < times; round++) {
        await rig.assemble("patch");
        const { previous } = (await run(rig, "deploy")).events.at(-1);
        await run(rig, "rollback", previous);
      }
      const { answered, failed } = await client.stop();
      rows.push([target, edge, `${times} + ${times}`, answered, failed.length]);
      console.log(rows.at(-1).join("  "));
    } finally {
      await client.stop();
      await rig.close();
    }
  }
  await write("rounds", ["target", "edge", "deploys + rollbacks", "answered", "failed"], rows);
}

async function run(rig, ...args) {
  const done = await aplomo(rig, ...args);
  if (done.code !== 0) throw new Error(done.output.slice(-3_000));
  return done;
}

async function versions() {
  const rows = [];
  for (const version of ["good", "crash", "hang", "exit-zero", "migration-fails", "lossy"]) {
    rows.push(["compose up --force-recreate", version, ...(await byHand(version))]);
    console.log(rows.at(-1).join("  "));
    for (const target of ["compose", "pm2 cluster"]) {
      rows.push([`aplomo, ${target} behind caddy`, version, ...(await byAplomo(target, version))]);
      console.log(rows.at(-1).join("  "));
    }
  }
  await write(
    "versions",
    ["how", "version", "exit code", "outcome", "failed requests", "known after", "old release back after", "rows lost"],
    rows,
  );
}

/** Version 2 with appointments in front, `act` under 50 requests a second, and some seconds more. */
async function measured(rig, act, after) {
  const before = await appointments(rig.port);
  const client = steadyClient(`http://127.0.0.1:${rig.port}/api/practitioners`, 50);
  try {
    await sleep(1_000);
    const told = await act();
    await sleep(after);
    const { failed } = await client.stop();
    const left = await appointments(rig.port).catch(() => null);
    return { told, failed: failed.length, lost: left === null ? "not known: it does not answer" : Math.max(0, before - left) };
  } finally {
    await client.stop();
  }
}

async function byAplomo(target, version) {
  const rig = await frontedRig(target, "caddy");
  try {
    await rig.assemble("v2");
    await run(rig, "deploy");
    await book(rig.port, 20);
    if (version === "good") await rig.setVariable("CLINIC_NAME", "Lab Clinic 2");
    else await rig.assemble(version);
    const { told, failed, lost } = await measured(rig, () => aplomo(rig, "deploy"), 2_000);
    const at = (type) => told.events.find((event) => event.type === type)?.at;
    const since = (type) => (at(type) ? seconds(Date.parse(at(type)) - Date.parse(at("deployment.started"))) : "");
    const { outcome } = told.events.at(-1);
    return [told.code, outcome, failed, since("step.failed"), outcome === "undone" ? since("deployment.finished") : "", lost];
  } finally {
    await rig.close();
  }
}

/** As their runbooks have it: migrate, then recreate. Nobody watches; what is seen 12 s later is what users have. */
async function byHand(version) {
  const rig = await composeRig(0);
  const compose = (...args) => shell(["docker", "compose", "-p", `agenda-${rig.port}`, ...args], rig);
  try {
    await rig.assemble("v2");
    await compose("up", "-d", "--wait", "db");
    for (const job of ["migrate.js", "seed.js"]) await compose("run", "--rm", "-T", "web", "node", job);
    await compose("up", "-d", "web");
    await answering(rig.port);
    await book(rig.port, 20);
    if (version === "good") await rig.setVariable("CLINIC_NAME", "Lab Clinic 2");
    else await rig.assemble(version);
    const { told, failed, lost } = await measured(
      rig,
      async () => {
        const migrated = await compose("run", "--rm", "-T", "web", "node", "migrate.js");
        return migrated === 0 ? compose("up", "-d", "--force-recreate", "--no-deps", "web") : migrated;
      },
      12_000,
    );
    const { version: now } = await rig.state();
    const outcome = now === "down" || now.startsWith("answers") ? "down" : `${now} in front`;
    const known = version === "good" ? "" : told === 0 ? "never" : "at once";
    return [told, outcome, failed, known, "", lost];
  } finally {
    await rig.close();
  }
}

async function shell(argv, rig) {
  const child = spawn(argv[0], argv.slice(1), { cwd: rig.folder, env: rig.env, stdio: "ignore" });
  const [code] = await once(child, "close");
  return code;
}

async function answering(port) {
  for (let tries = 0; tries < 100; tries++) {
    if (
      await appointments(port).then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(200);
  }
  throw new Error("the application does not answer");
}

async function appointments(port) {
  const { status, body } = await get(`http://127.0.0.1:${port}/api/appointments?limit=1000`, 5_000);
  if (status !== 200) throw new Error(`the application answers ${status}`);
  return JSON.parse(body).appointments.length;
}

function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** Puts a table between its marks and leaves the rest of the page. */
async function write(name, head, rows) {
  const text = await readFile(page, "utf8");
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const table = [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
  const marks = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- end -->)`);
  if (!marks.test(text)) throw new Error(`${page} has no place for ${name}`);
  await writeFile(
    page,
    text.replace(marks, (_all, begin, end) => `${begin}\n${table}\n\n${machine}\n\n${end}`),
  );
}
