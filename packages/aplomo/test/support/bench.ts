import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Event } from "../../src/base/events.ts";
import type { Config } from "../../src/config/config.ts";
import type { DatabaseSettings, Settings } from "../../src/config/schema.ts";
import type { Context } from "../../src/host/context.ts";
import { local } from "../../src/host/local.ts";

/** What effects are given in tests: this machine; events are kept. */
export function testContext(home: string, signal: AbortSignal = new AbortController().signal): Context & { events: Event[] } {
  const events: Event[] = [];
  return { host: local, emit: (event) => void events.push(event), signal, home, now: () => new Date(), events };
}

/** As much of a configuration as databases read. */
export function testConfig(app: string, directory: string, databases: Record<string, Partial<DatabaseSettings>>): Config {
  const settings = { app, target: { kind: "compose", project: app }, databases } as unknown as Settings;
  return { file: join(directory, "aplomo.yml"), directory, settings, environment: new Map() };
}

export async function temporaryFolder(purpose: string): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `aplomo-${purpose}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Runs a module's text in another process; `import`s are of compiled files. It is killed after so many milliseconds, or when a promise resolves. */
export async function runElsewhere(code: string, killed?: number | Promise<unknown>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (text: Buffer) => (said += text.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  if (killed !== undefined) {
    await Promise.race([ended, typeof killed === "number" ? sleep(killed, undefined, { ref: false }) : killed]);
    child.kill("SIGKILL");
  }
  return { code: await ended, said };
}

/** Where a compiled module is, for `import` in another process. */
export function moduleUrl(path: string): string {
  return new URL(`../../src/${path}.js`, import.meta.url).href;
}

/** The code that makes a context and a database in another process. */
export function databaseElsewhere(app: string, directory: string, settings: object, url?: string): string {
  return `
    import { openDatabase } from ${JSON.stringify(moduleUrl("databases/index"))};
    import { local } from ${JSON.stringify(moduleUrl("host/local"))};
    import { Secret } from ${JSON.stringify(moduleUrl("base/secret"))};
    const ctx = { host: local, emit: () => {}, signal: new AbortController().signal, home: ${JSON.stringify(directory)}, now: () => new Date() };
    const database = { ...${JSON.stringify(settings)}, ${url === undefined ? "" : `url: new Secret(${JSON.stringify(url)})`} };
    const settings = { app: ${JSON.stringify(app)}, target: { kind: "compose", project: ${JSON.stringify(app)} }, databases: { app: database } };
    const db = openDatabase(ctx, { directory: ${JSON.stringify(directory)}, settings }, "app");`;
}
