// Cold start: CPU time of the process itself, without the programs it calls; medians of interleaved runs.
// Budget: --version takes 2.0 times `node -e 0`; status adds 3.0 times that to it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const rounds = 25;
const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "aplomo-bench-"));
const aplomo = join(root, "packages/aplomo/dist/aplomo.js");
writeFileSync(join(folder, "server.js"), "");
writeFileSync(join(folder, "aplomo.yml"), "app: bench\ntarget: { kind: pm2, script: server.js, port: 3999 }\n");

const env = {
  ...process.env,
  APLOMO_HOME: join(folder, "home"),
  PM2_HOME: join(folder, "pm2"),
  PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}`,
};
// Reading extra certificates costs some 50 ms at every start of Node 20, whatever is started.
delete env.NODE_EXTRA_CA_CERTS;

const commands = {
  "node -e 0": ["-e", "0"],
  "aplomo --version": [aplomo, "--version"],
  "aplomo --help": [aplomo, "--help"],
  "aplomo status": [aplomo, "status"],
};
const measured = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
try {
  for (let round = 0; round < rounds; round++) {
    for (const [name, argv] of Object.entries(commands)) measured[name].push(cpuOf(argv));
  }
  const base = median(measured["node -e 0"]);
  console.log(`CPU of the process itself, median of ${rounds} interleaved runs, Node ${process.versions.node}`);
  for (const [name, times] of Object.entries(measured)) {
    console.log(
      `  ${name.padEnd(18)} ${(median(times) / 1000).toFixed(1).padStart(6)} ms   ${(median(times) / base).toFixed(2)} times node -e 0, adds ${(median(times) / base - 1).toFixed(2)}`,
    );
  }
} finally {
  spawnSync("pm2", ["kill"], { env, stdio: "ignore" });
  rmSync(folder, { recursive: true, force: true });
}

function cpuOf(argv) {
  const file = join(folder, "cpu");
  rmSync(file, { force: true });
  spawnSync(process.execPath, ["--require", join(import.meta.dirname, "cpu.cjs"), ...argv], {
    cwd: folder,
    env: { ...env, BENCH_CPU: file },
    stdio: "ignore",
  });
  return Number(readFileSync(file, "utf8").split("\n")[0]);
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
