// Tool time: a deploy of an unchanged schema with `watch: 0`, beside the same steps typed by hand (dump, pull, up, poll until healthy).
// Both on the lab's engine, the agenda with a pgbench database of scale 10, in turn. Budget: 1.3 times.
import { execFileSync, spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const rounds = Number(process.argv[2] ?? 5);
const root = resolve(import.meta.dirname, "../..");
process.chdir(root);
for (const line of execFileSync("script/lab", ["env"], { encoding: "utf8" }).split("\n")) {
  const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
  if (name) process.env[name] = value.replaceAll('"$PATH"', process.env.PATH).replaceAll(/^["']|["']$/g, "");
}
execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
execFileSync("npx", ["tsc", "--noCheck"], { stdio: "inherit" });
process.env.APLOMO_TEST_CLI = join(root, "packages/aplomo/dist/aplomo.js");
const { aplomo } = await import(join(root, ".cache/js/packages/aplomo/test/support/agenda.js"));
const { composeRig } = await import(join(root, ".cache/js/packages/aplomo/test/support/agenda-compose.js"));

const registry = process.env.APLOMO_LAB_REGISTRY;
if (!registry) throw new Error("the lab has no registry: script/lab up registry");
// Each in a project of its own: what one has put up would be strange to the other.
const [rig, typed] = [await composeRig(10, registry), await composeRig(10, registry)];
try {
  for (const each of [rig, typed]) {
    each.configure(/watch: \w+/, "watch: 0");
    await each.assemble("v1");
    await must(each, "deploy");
    await each.state();
  }
  byHand();
  const [tool, hand] = [[], []];
  for (let round = 0; round < rounds; round++) {
    // The same change both times: one value of the environment, so that the container has to be made anew.
    await rig.setVariable("CLINIC_NAME", `Round ${round} tool`);
    tool.push(await timed(() => must(rig, "deploy")));
    await typed.setVariable("CLINIC_NAME", `Round ${round} hand`);
    hand.push(await timed(byHand));
  }
  const ratios = tool.map((ms, round) => ms / hand[round]).toSorted((a, b) => a - b);
  console.log(`aplomo deploy   ${seconds(tool)} s (median of ${rounds})`);
  console.log(`by hand         ${seconds(hand)} s`);
  console.log(
    `ratio           ${ratios[Math.floor(rounds / 2)].toFixed(2)} (${ratios[0].toFixed(2)} to ${ratios.at(-1).toFixed(2)}), budget 1.30`,
  );
} finally {
  await rig.close();
  await typed.close();
}

async function must(each, ...args) {
  const { code, output } = await aplomo(each, ...args);
  if (code !== 0) throw new Error(output.slice(-3000));
}

/** What a careful person types: a dump in one pass with its checks, the image, the new container, and a look at its health. */
function byHand() {
  const project = `agenda-${typed.port}`;
  const script = `set -euo pipefail
docker exec ${project}-db-1 pg_dump -U agenda agenda | zstd -q -3 -f -o dump.sql.zst
sha256sum dump.sql.zst > dump.sha256
docker compose -p ${project} pull --quiet web
docker compose -p ${project} up -d --no-build --no-deps web 2>/dev/null
for i in $(seq 300); do curl -fsS -o /dev/null http://127.0.0.1:${typed.port}/healthz && exit 0; sleep 0.1; done; exit 1`;
  const { status, stderr } = spawnSync("bash", ["-c", script], { cwd: typed.folder, env: typed.env, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

async function timed(action) {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

function seconds(times) {
  return (times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] / 1000).toFixed(2);
}
