// A deploy from a laptop to a server over ssh, from "the image is in the registry" to "proven" with `watch: 10s`, beside the same steps in a
// script over ssh that polls, in turn; and once beside the same script with a blind `sleep 60`. Budget: 1.25 times the first, 60 s less than the second.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { takeLab } from "./lab.mjs";

const rounds = Number(process.argv[2] ?? 3);
const root = resolve(import.meta.dirname, "../..");
process.chdir(root);
takeLab();
if (!process.env.APLOMO_LAB_SSH_CONFIG) throw new Error("the lab has no servers: script/lab up hosts");
execFileSync("npx", ["tsc", "--noCheck"], { stdio: "inherit" });
const { recoveryRig } = await import(join(root, ".cache/js/packages/aplomo/test/support/recovery-rig.js"));

const rig = await recoveryRig();
try {
  const { laptop } = rig;
  const edit = (change) => writeFileSync(laptop.file, change(readFileSync(laptop.file, "utf8")));
  await must("setup", "--no-agent");
  await rig.next();
  await must("deploy");
  // Releases of code alone: for a change of data the script would have to stop the application, too.
  edit((text) => text.replace("watch: 1s", "watch: 10s").replace(/^migrate:\n(?: .*\n)+/m, ""));
  const [tool, hand] = [[], []];
  typed(polling);
  for (let round = 0; round < rounds; round++) {
    // The same change both times: another image, which the server lacks.
    await rig.next();
    tool.push(await timed(() => must("deploy")));
    await rig.next();
    hand.push(await timed(() => typed(polling)));
  }
  await rig.next();
  const blind = await timed(() => typed(sleeping));
  const ratios = tool.map((ms, round) => ms / hand[round]).toSorted((a, b) => a - b);
  const [middle, last] = [ratios[Math.floor(rounds / 2)], ratios.at(-1)];
  console.log(`aplomo deploy over ssh    ${seconds(median(tool))} s (median of ${rounds})`);
  console.log(`a script that polls       ${seconds(median(hand))} s`);
  console.log(`ratio                     ${middle.toFixed(2)} (${ratios[0].toFixed(2)} to ${last.toFixed(2)}), budget 1.25`);
  console.log(`a script with \`sleep 60\`  ${seconds(blind)} s, ${seconds(blind - median(tool))} s more, budget 60`);
} finally {
  await rig.close();
}

async function must(...args) {
  const { code, stdout } = await rig.laptop.aplomo(...args);
  if (code !== 0) throw new Error(stdout.slice(-3000));
}

/** What a careful person types: a dump in one pass with its checks, the image, the new container, until it is healthy, and ten seconds more. */
function polling(health) {
  return `for i in $(seq 300); do ${health} && break; sleep 0.1; done
for i in $(seq 10); do ${health} || exit 1; test "$(docker inspect -f '{{.RestartCount}}' byhand-web-1)" = 0 || exit 1; sleep 1; done`;
}

/** As the scripts of S5 wait. */
function sleeping(health) {
  return `sleep 60\n${health}`;
}

/** A project of its own: what one has put up would be strange to the other. */
function typed(wait) {
  const compose = readFileSync(join(rig.laptop.folder, "compose.yml"), "utf8").replace("8080:3000", "8081:3000");
  const health = "curl -fsS -o /dev/null http://127.0.0.1:8081/healthz";
  const script = `set -euo pipefail
mkdir -p byhand && cd byhand
cat >compose.yml <<'EOF'
${compose}
EOF
cat >app.env <<'EOF'
${readFileSync(join(rig.laptop.folder, "app.env"), "utf8")}
EOF
docker compose up -d --wait db 2>/dev/null
docker exec byhand-db-1 pg_dump -U ledger ledger | gzip >dump.sql.gz
gzip -t dump.sql.gz && sha256sum dump.sql.gz >dump.sha256
docker compose pull --quiet web 2>/dev/null
docker compose up -d --no-build --no-deps web 2>/dev/null
docker exec byhand-db-1 psql -q -U ledger -d ledger -c "CREATE TABLE IF NOT EXISTS entries (id serial PRIMARY KEY, text text NOT NULL)" 2>/dev/null
${wait(health)}
`;
  const argv = ["-F", ".ssh/config", "server", "bash", "-s"];
  const { status, stderr } = spawnSync("ssh", argv, { cwd: rig.laptop.folder, input: script, encoding: "utf8" });
  if (status !== 0) throw new Error(`the script ended with ${status}: ${stderr}`);
}

async function timed(action) {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

function median(times) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
}

function seconds(ms) {
  return (ms / 1000).toFixed(1);
}
