import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { freePort } from "./edge-rig.ts";
import { root } from "./root.ts";

const run = promisify(execFile);

/** An application that takes bookings into one table, under PM2 behind Caddy; its migrations are SQL files that Aplomo runs. */
export interface BookingsRig {
  folder: string;
  env: NodeJS.ProcessEnv;
  port: number;
  /** Puts a version in place: the column its name is written to, and the migration that comes with it. */
  assemble(column: string, migration: string): Promise<void>;
  close(): Promise<void>;
}

export async function bookingsRig(engine: "postgres" | "mariadb", url: string, caddy: string): Promise<BookingsRig> {
  const top = await mkdtemp(join(tmpdir(), "aplomo-bookings-"));
  const folder = join(top, "app");
  await mkdir(join(folder, "migrations"), { recursive: true });
  const [port, own, https] = [await freePort(), await freePort(), await freePort()];
  const env = {
    ...process.env,
    APLOMO_HOME: join(top, "home"),
    PM2_HOME: join(top, "pm2"),
    PATH: `${join(root, "node_modules/.bin")}:${process.env["PATH"]}`,
  };
  const settings = {
    app: "bookings",
    target: { kind: "pm2", script: "server.mjs", port: own, wait_ready: true },
    edge: { kind: "caddy", program: caddy, ports: { http: port, https }, drain: "5s" },
    env: { file: ".env" },
    databases: { shop: { engine, url: "${DATABASE_URL}", invariants: { bookings: { never_falls: true } } } },
    migrate: { files: "migrations", database: "shop" },
    health: { path: "/healthz", within: "20s", watch: "1s" },
    smoke: [{ get: "/names" }],
  };
  await writeFile(join(folder, "aplomo.yml"), stringify(settings));
  await writeFile(join(folder, ".env"), `DATABASE_URL=${url}\n`, { mode: 0o600 });
  await writeFile(join(folder, "server.mjs"), server);
  let migrations = 0;
  return {
    folder,
    env,
    port,
    async assemble(column, migration) {
      migrations += 1;
      await writeFile(join(folder, "column.json"), JSON.stringify({ column }));
      await writeFile(join(folder, `migrations/${String(migrations).padStart(3, "0")}.sql`), migration);
    },
    async close() {
      const pid = Number(await readFile(join(top, "home/edge/caddy/aplomo-edge-caddy.pid"), "utf8").catch(() => 0));
      if (pid > 0) process.kill(pid, "SIGKILL");
      await run(join(root, "node_modules/.bin/pm2"), ["kill"], { env }).catch(() => {});
      await rm(top, { recursive: true, force: true });
    },
  };
}

/** A booking is confirmed when the database has it. On a signal it answers what is under way, and ends. */
const server = `import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { connectDatabase } from ${JSON.stringify(join(root, ".cache/js/packages/runtime/src/wire/connect.js"))};
const { column } = JSON.parse(readFileSync(new URL("column.json", import.meta.url)));
let session;
let turn = Promise.resolve();
const query = (sql) => (turn = turn.catch(() => {}).then(async () => {
  session ??= await connectDatabase(process.env.DATABASE_URL);
  try { return await session.query(sql); } catch (error) { session.close(); session = undefined; throw error; }
}));
const answers = {
  "/healthz": () => query("SELECT 1"),
  "/names": () => query("SELECT " + column + " FROM bookings LIMIT 1"),
};
let ending = false;
const app = createServer(async (asked, answer) => {
  const id = /^\\/book\\/(\\d+)$/.exec(asked.url)?.[1];
  const act = id ? () => query("INSERT INTO bookings (id, " + column + ") VALUES (" + id + ", 'Ana')") : answers[asked.url];
  if (ending) answer.setHeader("connection", "close");
  try {
    await act();
    answer.writeHead(id ? 201 : 200).end();
  } catch (error) {
    answer.writeHead(500).end(String(error));
  }
});
const end = () => {
  ending = true;
  app.close(() => process.exit(0));
  app.closeIdleConnections();
};
process.on("SIGINT", end).on("SIGTERM", end);
app.listen(Number(process.env.PORT), "127.0.0.1", () => process.send?.("ready"));
`;

export interface Booker {
  /** Milliseconds of each booking confirmed since it was asked last. */
  latencies(): number[];
  stop(): Promise<{ confirmed: number[]; failed: string[] }>;
}

/** Books so often a second until it is stopped, each booking once and whatever becomes of those before; tells which were confirmed. */
export function booker(port: number, perSecond: number): Booker {
  const agent = new Agent({ keepAlive: true });
  const confirmed: number[] = [];
  const failed: string[] = [];
  const under = new Set<Promise<void>>();
  const latencies: number[] = [];
  let next = 1;
  const book = (id: number): Promise<void> =>
    new Promise((resolve) => {
      const began = performance.now();
      const fail = (why: string): void => {
        failed.push(why);
        resolve();
      };
      const asked = request({ port, host: "127.0.0.1", path: `/book/${id}`, method: "POST", agent, timeout: 60_000 }, (answer) => {
        let body = "";
        answer.on("data", (chunk: Buffer) => (body += chunk.toString()));
        answer.on("error", (error) => fail(error.message));
        answer.on("end", () => {
          if (answer.statusCode !== 201) return fail(`${answer.statusCode}: ${body.slice(0, 200)}`);
          confirmed.push(id);
          latencies.push(performance.now() - began);
          resolve();
        });
      });
      asked.on("timeout", () => asked.destroy(new Error("no answer within 60 s"))).on("error", (error) => fail(error.message));
      asked.end();
    });
  const timer = setInterval(() => {
    const one = book(next++).finally(() => under.delete(one));
    under.add(one);
  }, 1_000 / perSecond);
  return {
    latencies: () => latencies.splice(0),
    async stop() {
      clearInterval(timer);
      await Promise.all(under);
      agent.destroy();
      return { confirmed: confirmed.toSorted((a, b) => a - b), failed };
    },
  };
}
