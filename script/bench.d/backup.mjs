// A whole backup (counted in its snapshot, checked, flushed, with its manifest) beside pg_dump by itself and pg_dump | gzip, and its proof
// beside a bare restore; in turn, on a throw-away PostgreSQL with mixed data: `script/bench backup [megabytes of dump] [rounds]`.
// Each round does all of it, each time beginning with another one; the first round is not counted. Beside the time on the clock, which a busy machine
// stretches, stand processor seconds: of the programs and of the server's processes. Ratios are medians of those within each round.
// Budgets: 1.3 times pg_dump > file, a third of the time of gzip -6, a drill 1.4 times a bare restore, 130 MB of memory, no plain dump on the disk.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const megabytes = Number(process.argv[2] ?? 300);
const rounds = Number(process.argv[3] ?? 5);
const root = resolve(import.meta.dirname, "../..");
process.chdir(root);
execFileSync("npx", ["tsc", "--noCheck"], { stdio: "inherit" });
const compiled = join(root, ".cache/js/packages/aplomo");
const { startPostgres } = await import(join(compiled, "test/support/postgres.js"));

const cluster = await startPostgres({ shared_buffers: "512MB", max_wal_size: "4GB", autovacuum: "off" });
const folder = mkdtempSync(join(tmpdir(), "aplomo-bench-"));
const env = {
  ...process.env,
  PGHOST: cluster.socket,
  PGUSER: "postgres",
  APLOMO_HOME: join(folder, "home"),
  PATH: `${cluster.bin}:${process.env.PATH}`,
};
try {
  await fill(megabytes);
  // As a server is that was filled long ago: what it does after a load by itself would run beside one measurement or another.
  await cluster.sql("mix", "VACUUM ANALYZE");
  await cluster.sql("mix", "CHECKPOINT");
  writeFileSync(join(folder, "compose.yml"), "services: { web: { image: scratch } }\n");
  const url = `postgres://postgres@/mix?host=${encodeURIComponent(cluster.socket)}`;
  writeFileSync(join(folder, ".env"), `DATABASE_URL=${url}\n`);
  const config = {
    app: "bench",
    target: { kind: "compose" },
    env: { file: ".env" },
    databases: { mix: { engine: "postgres", url: "${DATABASE_URL}" } },
    backups: { directory: "backups" },
  };
  writeFileSync(join(folder, "aplomo.yml"), JSON.stringify(config));
  writeFileSync(join(folder, "take.ts"), takeScript());
  bundle("take", join(folder, "take.ts"));
  bundle("aplomo");

  let plain = 0;
  let memory = 0;
  let plainOnDisk = 0;
  const acts = {
    floor: () => shell("pg_dump mix > plain.sql"),
    async take() {
      const { peak, largest } = await take();
      memory = Math.max(memory, peak);
      plainOnDisk = Math.max(plainOnDisk, largest);
    },
    zstd: () => shell("pg_dump mix | zstd -q -3 -f -o bare.zst"),
    gzip: () => shell("pg_dump mix | gzip -6 > bare.gz"),
    restore: () => shell("createdb --template=template0 bare && zstd -dc bare.zst | psql -X -q -1 -v ON_ERROR_STOP=1 -o /dev/null -d bare"),
    drill: () => aplomo("backup", "drill", "latest"),
  };
  const names = Object.keys(acts);
  const measured = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    // The last two need what the others made.
    const order = round === 0 ? names : names.map((_, index) => names[(index + round) % names.length]);
    for (const name of order) {
      const one = await measure(acts[name]);
      if (round > 0) measured[name].push(one);
      if (name === "floor") {
        plain = statSync(join(folder, "plain.sql")).size;
        rmSync(join(folder, "plain.sql"));
      }
      if (name === "restore") await shell("dropdb bare");
    }
    if (round === 0)
      console.log(
        `data: ${Math.round(plain / 1e6)} MB of dump, ${Math.round(statSync(join(folder, "bare.zst")).size / 1e6)} MB compressed`,
      );
  }
  const show = (title, all) =>
    console.log(
      `${title.padEnd(34)}${median(all.map(({ wall }) => wall)).toFixed(2)} s  (${all.map(({ wall }) => wall.toFixed(2)).join(" ")})  ` +
        `${median(all.map(({ cpu }) => cpu)).toFixed(2)} s of processor`,
    );
  show("pg_dump > file", measured.floor);
  show("pg_dump | zstd -3", measured.zstd);
  show("pg_dump | gzip -6", measured.gzip);
  show("aplomo: a whole backup", measured.take);
  show("createdb; zstd -dc | psql -1", measured.restore);
  show("aplomo backup drill", measured.drill);
  ratio("backup / pg_dump > file", measured.take, measured.floor, "at most 1.30");
  ratio("pg_dump | gzip -6 / backup", measured.gzip, measured.take, "at least 3.00");
  ratio("drill / bare restore", measured.drill, measured.restore, "at most 1.40");
  console.log(`memory of Aplomo                  ${Math.round(memory / 1e6)} MB  (budget 130)`);
  console.log(`plain dump on the disk            ${plainOnDisk} bytes  (budget 0)`);
} finally {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Events with jsonb, uuid and inet, prose, users; four indexes. A million events, 80,000 posts and 200,000 users are 394 MB of dump. */
async function fill(wanted) {
  const share = wanted / 394;
  const n = (count) => Math.max(1, Math.round(count * share));
  const words =
    "time person year way day thing man world life hand part child eye woman place work week case point government company number group problem fact".split(
      " ",
    );
  await cluster.sql("postgres", "CREATE DATABASE mix");
  await cluster.sql(
    "mix",
    `SELECT setseed(0.5);
    CREATE TABLE users (id serial PRIMARY KEY, email text UNIQUE, name text, created timestamptz, settings jsonb);
    INSERT INTO users (email, name, created, settings) SELECT 'user' || n || '@' || md5(n::text) || '.example', 'Name ' || n, now() - n * interval '1 minute',
      jsonb_build_object('theme', CASE WHEN n % 3 = 0 THEN 'dark' ELSE 'light' END, 'n', n) FROM generate_series(1, ${n(200_000)}) n;
    CREATE TABLE posts (id serial PRIMARY KEY, author int, title text, body text);
    INSERT INTO posts (author, title, body) SELECT n % 1000, 'Post ' || n, (SELECT string_agg((ARRAY['${words.join("','")}'])[1 + floor(random() * ${words.length})::int], ' ')
      FROM generate_series(1, 200) WHERE n > 0) FROM generate_series(1, ${n(80_000)}) n;
    CREATE TABLE events (id bigserial PRIMARY KEY, at timestamptz, kind text, visitor uuid, address inet, payload jsonb);
    INSERT INTO events (at, kind, visitor, address, payload) SELECT now() - n * interval '1 second', (ARRAY['view','click','buy','leave'])[1 + n % 4], gen_random_uuid(),
      ('10.' || n % 256 || '.' || n / 256 % 256 || '.' || n / 65536 % 256)::inet,
      jsonb_build_object('path', '/p/' || (n % 10007), 'ms', (random() * 1000)::int, 'ref', md5((n / 3)::text), 'tags', jsonb_build_array(n % 7, n % 11))
      FROM generate_series(1, ${n(1_000_000)}) n;
    CREATE INDEX ON events (at); CREATE INDEX ON events (visitor); CREATE INDEX ON posts (author); CREATE INDEX ON users (created); ANALYZE;`,
  );
}

/** `aplomo backup run` without its proof, bundled as the command line is, in a process of its own: Node's start and the configuration are in the time. */
function takeScript() {
  const from = (path) => JSON.stringify(join(root, "packages/aplomo/src", path));
  return `
    import { readFileSync } from "node:fs";
    import { loadConfig } from ${from("config/load.ts")};
    import { openSession } from ${from("deploy/session.ts")};
    import { takeBackup } from ${from("backup/take.ts")};
    import { local } from ${from("host/local.ts")};
    const ctx = { host: local, emit: () => {}, signal: new AbortController().signal, home: process.env.APLOMO_HOME, now: () => new Date() };
    async function take() {
      const session = await openSession(ctx, await loadConfig("aplomo.yml", process.env));
      await takeBackup(ctx, session.databases[0], { app: "bench", directory: session.paths.backups, tier: "daily" });
      console.log(/VmHWM:\\s*(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1] * 1024);
    }
    void take();`;
}

/** Takes a backup, and looks meanwhile for any file that holds text of the dump. */
async function take() {
  for (const where of [join(folder, "backups"), env.APLOMO_HOME]) mkdirSync(where, { recursive: true });
  const child = spawn(process.execPath, [join(folder, "take/aplomo.js")], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  let largest = 0;
  const look = setInterval(() => (largest = Math.max(largest, plainBytes(join(folder, "backups")) + plainBytes(env.APLOMO_HOME))), 200);
  const code = await new Promise((ended) => child.once("close", ended));
  clearInterval(look);
  if (code !== 0) throw new Error(`the backup ended with ${code}`);
  return { peak: Number(said), largest };
}

function plainBytes(where) {
  let bytes = 0;
  for (const entry of readdirSync(where, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    try {
      const file = openSync(path, "r");
      const head = Buffer.alloc(64);
      readSync(file, head, 0, 64, 0);
      closeSync(file);
      if (head.includes("PostgreSQL database dump")) bytes += statSync(path).size;
    } catch {
      // Renamed meanwhile.
    }
  }
  return bytes;
}

/** Into a folder of ours, as the package is made. */
function bundle(name, ...entry) {
  execFileSync(process.execPath, [join(root, "script/build.mjs"), join(folder, name), ...entry], { cwd: root, stdio: "inherit" });
}

async function aplomo(...args) {
  const { status, stdout } = spawnSync(process.execPath, [join(folder, "aplomo/aplomo.js"), ...args, "--json"], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stdout.slice(-2000));
}

async function shell(script) {
  const { status, stderr } = spawnSync("bash", ["-c", `set -euo pipefail; ${script}`], { cwd: folder, env, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

/** Clock and processor seconds of one act; the processes it leaves behind are waited for. */
async function measure(action) {
  const before = await processorSeconds();
  const started = performance.now();
  await action();
  const wall = (performance.now() - started) / 1000;
  return { wall, cpu: (await processorSeconds()) - before };
}

/** Of all programs that were started here and have ended, and of all of the server's processes that have. */
async function processorSeconds() {
  await cluster.sql("postgres", "SELECT 1");
  let last;
  for (let now = ended(); now !== last; now = ended()) {
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return last;
}

function ended() {
  const ticks = (pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(fields[13]) + Number(fields[14]);
  };
  const postmaster = readFileSync(join(cluster.socket, "data/postmaster.pid"), "utf8").split("\n")[0];
  // A tick is a hundredth of a second on every machine that Linux runs on today.
  return (ticks("self") + ticks(postmaster)) / 100;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function ratio(name, of, by, budget) {
  const all = of.map(({ wall }, index) => wall / by[index].wall).toSorted((a, b) => a - b);
  const cpu = median(of.map((one, index) => one.cpu / by[index].cpu)).toFixed(2);
  console.log(
    `${name.padEnd(34)}${median(all).toFixed(2)}  (${all[0].toFixed(2)} to ${all.at(-1).toFixed(2)})  budget ${budget}; processor ${cpu}`,
  );
}
