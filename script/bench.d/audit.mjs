// What an audit costs: trees of 100 and 2,000 files, beside `node -e 0`. Budgets: 500 ms, 3 s, 200 MB.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const rounds = 5;
const root = resolve(import.meta.dirname, "../..");
const aplomo = join(root, "packages/aplomo/dist/aplomo.js");
const folder = mkdtempSync(join(tmpdir(), "aplomo-bench-"));
const env = { ...process.env, APLOMO_HOME: join(folder, "home") };
delete env.NODE_EXTRA_CA_CERTS;

/** An application as they are: some deployment files, and code of 40 to 200 lines that reads its environment. */
function tree(count) {
  const top = join(folder, String(count));
  const put = (path, text) => {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  };
  put(
    "compose.yml",
    "services:\n  web:\n    build: .\n    ports: ['127.0.0.1:80:3000']\n    environment:\n      JWT_SECRET: ${JWT_SECRET:-dev}\n  db:\n    image: postgres:17\n",
  );
  put("Dockerfile", 'FROM node:22-slim\nCOPY . .\nENTRYPOINT ["./entrypoint.sh"]\n');
  put("entrypoint.sh", "#!/bin/sh\nnpx prisma migrate deploy || true\nnode server.js\n");
  put("package.json", '{ "scripts": { "start": "node server.js" }, "dependencies": { "express": "5.0.0" } }\n');
  put(".env.example", "PORT=3000\n");
  const line = (file, number) =>
    `export const value${number} = process.env.NAME_${file % 50} ?? \`\${${number}} of "${file}"\`; // a comment\n`;
  for (let file = 5; file < count; file++) {
    const lines = Array.from({ length: 40 + (file % 160) }, (_, number) => line(file, number));
    put(
      `src/part${file % 40}/file${file}.ts`,
      `import { other } from "./file${file + 40}.ts";\n${lines.join("")}process.on("SIGTERM", () => other());\n`,
    );
  }
  return top;
}

function measure(argv) {
  const memory = join(folder, "memory");
  const from = performance.now();
  const { error } = spawnSync(process.execPath, ["--require", join(import.meta.dirname, "memory.cjs"), ...argv], {
    env: { ...env, BENCH_MEMORY: memory },
    stdio: "ignore",
  });
  if (error) throw error;
  return { ms: performance.now() - from, mb: Number(readFileSync(memory, "utf8")) / 1024 };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
try {
  const commands = { "node -e 0": ["-e", "0"], "100 files": [aplomo, "audit", tree(100)], "2,000 files": [aplomo, "audit", tree(2_000)] };
  const measured = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) for (const [name, argv] of Object.entries(commands)) measured[name].push(measure(argv));
  const base = median(measured["node -e 0"].map(({ ms }) => ms));
  console.log(`median of ${rounds} interleaved runs, Node ${process.versions.node}`);
  for (const [name, runs] of Object.entries(measured)) {
    const ms = median(runs.map((one) => one.ms));
    const mb = Math.max(...runs.map((one) => one.mb));
    console.log(
      `  ${name.padEnd(12)} ${ms.toFixed(0).padStart(6)} ms   ${(ms / base).toFixed(1).padStart(5)} times node -e 0   ${mb.toFixed(0).padStart(4)} MB at most`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
