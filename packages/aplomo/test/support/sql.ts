import { spawn, type ChildProcess } from "node:child_process";
import type { DatabaseSettings } from "../../src/config/schema.ts";

/** How a test reaches a server: its own way, beside the driver's. */
export interface Server {
  /** The project of a compose service, else any name. */
  app: string;
  /** Its client program against a database, its SQL on standard input. */
  client(database: string): [string, string[], NodeJS.ProcessEnv];
  /** What stands in aplomo.yml. */
  settings(database: string): Partial<DatabaseSettings>;
  url?(database: string): string;
}

/** Runs SQL through a client program of its own and gives what it printed. */
export async function runSql(server: Server, database: string, text: string): Promise<string> {
  const child = startSql(server, database, text);
  child.stdin?.end();
  let [out, said] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`${server.client(database)[0]}: ${said}`);
  return out.trim();
}

export function startSql(server: Server, database: string, text: string): ChildProcess {
  const [program, args, env] = server.client(database);
  const child = spawn(program, args, { env, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => {}).write(`${text}\n`);
  return child;
}
