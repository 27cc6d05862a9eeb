// Server time of the dashboard's pages over a home of many applications with a long history, asked at the agent's own socket:
// `script/bench dashboard [apps 50] [deployments 10000] [rounds 30]`.
// Budgets: the first page within 100 ms, script and style within 60 kB together, the process within 80 MB.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";

const [apps = 50, deployments = 10_000, rounds = 30] = process.argv.slice(2).map(Number);
const root = resolve(import.meta.dirname, "../..");
process.chdir(root);
execFileSync("npx", ["tsc", "--noCheck"], { stdio: "inherit" });
const compiled = join(root, ".cache/js/packages/aplomo");
const { fillPark, fillShowpiece } = await import(join(compiled, "test/support/agent-park.js"));
const { smallNode } = await import(join(compiled, "src/agent/resident.js"));

const home = mkdtempSync(join(tmpdir(), "aplomo-bench-"));
let agent;
try {
  const now = new Date();
  process.stderr.write(`making ${apps} applications with ${deployments} deployments and ${apps * 60} runs\n`);
  const [first] = await fillPark(home, { apps, deployments, runs: 60 }, now);
  await fillShowpiece(home, "agenda", now);
  agent = spawn(process.execPath, [...smallNode, join(root, "packages/aplomo/dist/aplomo.js"), "agent", "run", "--json"], {
    env: { ...process.env, APLOMO_HOME: home },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(agent.stdout, "data");
  agent.stdout.resume();
  // Meanwhile it looks at its applications, in processes of their own: none has an aplomo.yml, so each look ends soon.
  const socketPath = join(home, "agent/socket");
  const ask = async (path) => {
    const began = performance.now();
    const [answer] = await once(request({ socketPath, path, agent: false }).end(), "response");
    const body = await text(answer);
    if (answer.statusCode !== 200) throw new Error(`${path} answers ${answer.statusCode}`);
    return { ms: performance.now() - began, bytes: Buffer.byteLength(body) };
  };
  const pages = [
    "/",
    `/apps/${first}`,
    `/apps/${first}/deployments`,
    `/apps/${first}/deployments/d1`,
    "/apps/agenda",
    "/apps/agenda/backups",
    "/apps/agenda/data",
    "/apps/agenda/trends?days=31",
    "/metrics",
    "/api/apps",
  ];
  const measured = new Map(pages.map((path) => [path, []]));
  for (let round = 0; round < rounds; round += 1) for (const path of pages) measured.get(path).push(await ask(path));
  const at = (times, part) => times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))];
  for (const [path, all] of measured) {
    const times = all.map(({ ms }) => ms);
    const line = [at(times, 0.5), at(times, 0.95)].map((ms) => `${ms.toFixed(1)} ms`.padStart(10)).join("");
    console.log(`${path.padEnd(34)} median, 95 %:${line}   ${(all[0].bytes / 1_000).toFixed(1)} kB`);
  }
  const weight = (await ask("/style.css")).bytes + (await ask("/script.js")).bytes;
  const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${agent.pid}/status`, "utf8"))[1]) / 1_024;
  console.log(`script and style ${(weight / 1_000).toFixed(1)} kB, the agent's memory ${memory.toFixed(1)} MB`);
  const page = at(
    measured.get("/").map(({ ms }) => ms),
    0.5,
  );
  process.exitCode = page <= 100 && weight <= 60_000 && memory <= 80 ? 0 : 1;
} finally {
  agent?.kill("SIGTERM");
  if (agent && agent.exitCode === null) await once(agent, "exit");
  rmSync(home, { recursive: true, force: true });
}
