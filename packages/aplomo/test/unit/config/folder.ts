import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../../src/config/config.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { ConfigError } from "../../../src/config/problem.ts";

export type Files = Record<string, string | Buffer>;

/** Writes files into a folder of its own, for as long as `use` takes. */
export async function withFiles<T>(files: Files, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "aplomo-config-"));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Loads aplomo.yml with its neighbours. */
export function load(files: Files, shell: NodeJS.ProcessEnv = {}): Promise<Config> {
  return withFiles(files, (folder) => loadConfig(join(folder, "aplomo.yml"), shell));
}

/** What loading complains about, as lines without the folder, each checked for what every line must have. */
export async function complaints(files: Files, shell: NodeJS.ProcessEnv = {}): Promise<string[]> {
  try {
    await load(files, shell);
  } catch (error) {
    assert.ok(error instanceof ConfigError, `not a ConfigError: ${error instanceof Error ? error.stack : String(error)}`);
    assert.equal(error.exitCode, 2);
    assert.ok(error.problems.length > 0);
    const lines = error.message.split("\n");
    assert.equal(lines.length, error.problems.length);
    for (const [index, problem] of error.problems.entries()) {
      assert.ok(problem.line >= 1 && problem.column >= 1);
      const line = lines[index] ?? "";
      assert.ok(line.startsWith(`${problem.file}:${problem.line}:${problem.column}: `), line);
      assert.ok(problem.hint.length > 0);
      assert.ok(line.includes(problem.hint), line);
      assert.ok(line.includes(problem.path), line);
    }
    return lines.map((line) => line.replace(/^\S*\/(?=[^/:]+:\d)/, "").replace(/\S*\/aplomo-config-\w+\//g, ""));
  }
  return [];
}

/** A sound compose configuration, `more` appended. */
export function compose(more = ""): string {
  return `app: agenda\ntarget: { kind: compose }\n${more}`;
}

/** A sound PM2 configuration, `more` appended. */
export function pm2(more = ""): string {
  return `app: hub\ntarget: { kind: pm2, script: server.js, port: 3012 }\n${more}`;
}
