import assert from "node:assert/strict";
import type { Folder } from "./launcher.ts";
import { type Program, until } from "./server.ts";

/**
 * A migration as the tools do them: looks whether it was applied, and applies it in two slow halves. Two at once would both
 * see that it was not. Without transactions (`mysql`) it goes on where the killed one stopped, as a resolved one does.
 */
export const migration = (client: "pg" | "mysql2/promise"): string => `
const { execPath } = process;
const half = () => new Promise((resolve) => setTimeout(resolve, 400));
async function connect() {
  if (${JSON.stringify(client)} === "pg") {
    const { Client } = require("pg");
    const db = new Client({ connectionString: process.env.DATABASE_URL });
    await db.connect();
    return { run: async (sql) => (await db.query(sql)).rows, end: () => db.end() };
  }
  const db = await require("mysql2/promise").createConnection(process.env.DATABASE_URL);
  return { run: async (sql) => (await db.query(sql))[0], end: () => db.end() };
}
connect().then(async (db) => {
  await db.run("CREATE TABLE IF NOT EXISTS migrations (name varchar(50))");
  await db.run("CREATE TABLE IF NOT EXISTS beginnings (pid int)");
  const applied = await db.run("SELECT name FROM migrations WHERE name = 'first'");
  if (applied.length === 0) {
    await db.run("INSERT INTO beginnings VALUES (" + process.pid + ")");
    await half();
    await db.run("CREATE TABLE IF NOT EXISTS users (id int, email varchar(50))");
    await half();
    await db.run("INSERT INTO migrations VALUES ('first')");
    console.log("applied the first migration");
  }
  await db.end();
}).catch((error) => { console.error(error.message); process.exit(1); });
`;

/** Says that it runs, and as whom. */
export const server = `console.log("server " + process.pid + " " + process.argv.slice(2).join(" ")); setTimeout(() => undefined, 60_000);`;

/** Starts that many replicas at once, waits until each is its server, and ends them. */
export async function startReplicas(folder: Folder, count: number, env: NodeJS.ProcessEnv): Promise<Program[]> {
  const replicas = Array.from({ length: count }, () => folder.boot(["--", "node", "server.js", "with", "arguments"], env));
  await Promise.all(replicas.map((replica) => until("the server", () => replica.said().includes("with arguments"), replica.said)));
  for (const replica of replicas) {
    assert.ok(
      replica.said().includes(`server ${replica.child.pid} with arguments`),
      "the server is the process that was started: nothing of ours stays",
    );
    replica.child.kill("SIGKILL");
  }
  await Promise.all(replicas.map(({ ended }) => ended));
  return replicas;
}

/** How many of them applied the migration. */
export function applied(replicas: Program[]): number {
  return replicas.filter((replica) => replica.said().includes("applied the first migration")).length;
}
