import { type Loose } from "../../support/compose.ts";

/** Services that fail each in their own way, and the rules that must find each; what they say is said by the real programs. */
export interface Ill {
  service: Loose;
  rules: string[];
}

const node = (code: string, more: Loose = {}): Loose => ({
  image: "aplomo-lab/node",
  command: ["node", "-e", code],
  restart: "no",
  ...more,
});
const runs = (command: string[], more: Loose = {}): Loose => ({ image: "aplomo-lab/node", command, restart: "no", ...more });
const psql = (url: string, sql: string, more: Loose = {}): Loose => ({
  image: "aplomo-lab/postgres",
  command: ["psql", `postgres://${url}`, "-c", sql],
  restart: "no",
  ...more,
});
const stays = "setInterval(() => {}, 60_000);";
const anew = { restart: "always" };
const asked = { expose: ["3000"] };
const every = { interval: "1s", retries: 1, start_period: "0s" };

/** `folder`: where the files of `illFiles` are. `taken`: a port of this machine that is not free. */
export function illServices(folder: string, taken: number): Record<string, Ill> {
  const mounted = (name: string): Loose => ({ volumes: [`${folder}/${name}:/${name}:ro`] });
  const all: Record<string, [rule: string | string[], service: Loose]> = {
    zero: ["exit-zero-loop", node("console.log('Ready'); setTimeout(() => process.exit(0), 100)", anew)],
    oneshot: ["one-shot-command", runs(["node", "-e", "console.log('migrated')", "migrate.js"], anew)],
    nocommand: ["command-missing", runs(["nonesuch"])],
    notexecutable: ["not-executable", runs(["/plain.txt"], mounted("plain.txt"))],
    architecture: ["wrong-architecture", runs(["/foreign"], mounted("foreign"))],
    lineends: ["line-ends", runs(["/windows.sh"], mounted("windows.sh"))],
    nomodule: ["module-missing", node("require('express')")],
    nofile: ["file-missing", runs(["node", "/app/server.js"])],
    kind: ["module-kind", runs(["node", "/kind.cjs"], mounted("kind.cjs"))],
    native: ["native-module", node("require('/foreign.node')", mounted("foreign.node"))],
    memory: ["out-of-memory", node("const all = []; setInterval(() => all.push(Buffer.alloc(8e6, 1)), 5)", { mem_limit: "48m", ...anew })],
    heap: ["heap-limit", runs(["node", "--max-old-space-size=16", "-e", "const all = []; for (;;) all.push({ a: [1] })"])],
    near: ["memory-near", node(`const held = Buffer.alloc(180 << 20, 1); ${stays}`, { mem_limit: "200m" })],
    killed: ["killed", runs(["sh", "-c", "exit 137"], anew)],
    crash: ["native-crash", runs(["sh", "-c", "node -e \"process.kill(process.pid, 'SIGSEGV')\"; exit $$?"])],
    port: ["port-taken", node("const serve = () => require('http').createServer().listen(3000); serve(); serve()")],
    published: ["port-taken", node(stays, { ports: [`127.0.0.1:${taken}:3000`] })],
    exception: ["unhandled-exception", node("undefined.id")],
    rejection: ["unhandled-exception", node("Promise.reject('no')")],
    loop: ["restart-loop", runs(["sh", "-c", "exit 3"], anew)],
    lacks: ["secret-missing", node("throw new Error('SESSION_SECRET is required in production')")],
    short: ["secret-short", node("throw new Error('JWT_SECRET_KEY must be at least 32 characters long')")],
    list: [
      "list-format",
      node(
        "throw new Error('ALLOWED_HOSTS is not valid JSON: ' + (() => { try { JSON.parse('a,b') } catch (error) { return error.message } })())",
      ),
    ],
    localhost: ["listens-localhost", node("require('http').createServer().listen(3000, '127.0.0.1')", asked)],
    elsewhere: ["listens-elsewhere", node("require('http').createServer().listen(8080)", asked)],
    nowhere: ["listens-nowhere", node(stays, asked)],
    notool: ["healthcheck-tool", node(stays, { healthcheck: { test: ["CMD", "nonesuch", "-f", "http://localhost"], ...every } })],
    ill: ["unhealthy", node(stays, { healthcheck: { test: ["CMD-SHELL", "echo the queue is full; exit 1"], ...every } })],
    dns: ["name-unknown", node("require('net').connect(5432, 'nobody.invalid')")],
    refused: ["database-unreachable", node("require('net').connect(5432, '127.0.0.1')")],
    password: ["database-password", psql("postgres:wrong@db/postgres", "SELECT 1")],
    nodatabase: ["database-absent", psql("postgres:right@db/nonesuch", "SELECT 1")],
    full: ["database-connections", psql("crowd:right@db/postgres", "SELECT 1")],
    locked: ["database-locked", psql("postgres:right@db/postgres", "SET lock_timeout = '200ms'; SELECT pg_advisory_lock(1)")],
    schema: ["schema-behind", psql("postgres:right@db/postgres", "SELECT priority FROM visits")],
    disk: ["disk-full", node("require('fs').writeFileSync('/small/file', Buffer.alloc(4e6))", { tmpfs: ["/small:size=1m"] })],
    denied: ["volume-permission", node("require('fs').writeFileSync('/data/file', '')", { user: "1001", volumes: ["owned:/data"] })],
    readonly: ["read-only", node("require('fs').writeFileSync('/file', '')", { read_only: true })],
    files: [
      "open-files",
      node("const open = () => require('fs').openSync('/etc/hostname'); for (let i = 0; i < 200; i++) open()", { ulimits: { nofile: 60 } }),
    ],
  };
  return Object.fromEntries(Object.entries(all).map(([name, [rule, service]]) => [name, { service, rules: [rule].flat() }]));
}

/** By name: content, and whether it may be executed. */
export const illFiles: Record<string, { content: string | Buffer; mode: number }> = {
  "plain.txt": { content: "just text\n", mode: 0o644 },
  foreign: {
    content: Buffer.concat([Buffer.from("\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\xf3\0\x01\0\0\0", "latin1"), Buffer.alloc(200)]),
    mode: 0o755,
  },
  "windows.sh": { content: "#!/usr/bin/env sh\r\necho started\r\n", mode: 0o755 },
  "kind.cjs": { content: 'import { createServer } from "node:http";\ncreateServer();\n', mode: 0o644 },
  "foreign.node": { content: Buffer.alloc(200, "no library"), mode: 0o755 },
};

/** What the database of the test has before anything looks at it. */
export const illData = `
  CREATE TABLE visits (id int PRIMARY KEY, note text);
  INSERT INTO visits SELECT n, 'visit' FROM generate_series(1, 100) n;
  CREATE TABLE _prisma_migrations (id text PRIMARY KEY, checksum text, finished_at timestamptz, migration_name text, logs text, rolled_back_at timestamptz, started_at timestamptz DEFAULT now(), applied_steps_count int DEFAULT 0);
  INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', 'x', '0007_split_names');
  CREATE ROLE crowd LOGIN PASSWORD 'right' CONNECTION LIMIT 0;
`;
