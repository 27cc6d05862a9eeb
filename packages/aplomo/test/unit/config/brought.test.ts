import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Config } from "../../../src/config/config.ts";
import { loadConfig, type LoadOptions } from "../../../src/config/load.ts";
import { ConfigError } from "../../../src/config/problem.ts";
import { local } from "../../../src/host/local.ts";
import { compose, withFiles, type Files } from "./folder.ts";

const secret = "s3cr3t-of-the-vault";

function load(files: Files, options: LoadOptions = {}, shell: NodeJS.ProcessEnv = {}): Promise<Config> {
  return withFiles(files, (folder) =>
    loadConfig(join(folder, "aplomo.yml"), shell, { attempt: (command) => local.attempt(command), ...options }),
  );
}

async function complaint(from: string, more: Files = {}): Promise<string> {
  const files = { ".env": "A=1\n", "aplomo.yml": compose(`env:\n  file: .env\n  from:\n    ${from}\n`), ...more };
  try {
    await load(files, { values: "all" });
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    assert.doesNotMatch(error.message, new RegExp(secret));
    return error.message.replace(/^\S*\//, "").replace(/\/\S*\/aplomo-config-\w+/g, "FOLDER");
  }
  return "";
}

describe("env.from", () => {
  it("brings values from commands and files, each with the line that names it", async () => {
    const program = 'node, -e, "console.log(process.argv[1])"';
    const entries = [`A: { command: [${program}, "a b; $$HOME"] }`, 'B: { file: "${PLACE}/b" }', "C: { file: c }"];
    const yml = compose(`env:\n  from:\n    ${entries.join("\n    ")}\n`);
    const shell = { PLACE: "." };
    const { environment } = await load({ "aplomo.yml": yml, b: `${secret}\n`, c: "two\nlines\n\n" }, { values: "all" }, shell);
    const found = [...environment].map(([name, { value, origin }]) => [name, value.reveal(), origin]);
    assert.deepEqual(found, [
      ["A", "a b; $HOME", "aplomo.yml:5"],
      ["B", secret, "aplomo.yml:6"],
      ["C", "two\nlines\n", "aplomo.yml:7"],
    ]);
    assert.doesNotMatch(JSON.stringify([...environment]), new RegExp(secret));
  });

  it("asks only for what aplomo.yml itself names, unless a release is made", async () => {
    const database = 'databases: { main: { engine: postgres, url: "${URL}" } }\n';
    const yml = compose(
      `env:\n  from:\n    URL: { command: [echo, "postgres://a:b@h/n"] }\n    OTHER: { command: ["false"] }\n${database}`,
    );
    const config = await load({ "aplomo.yml": yml });
    assert.equal(config.settings.databases["main"]?.url?.reveal(), "postgres://a:b@h/n");
    assert.deepEqual([...config.environment.keys()], ["URL"]);
    await assert.rejects(load({ "aplomo.yml": yml }, { values: "all" }), /env\.from\.OTHER cannot be had: false ended with exit code 1/);
  });

  it("says what could not be had, where, and never what a command printed", async () => {
    const fails = `const t = "${secret}"; console.log(t); console.error("locked"); process.exit(3)`;
    const seen = [
      await complaint(`X: { command: [node, -e, '${fails}'] }`),
      await complaint("X: { command: [aplomo-no-such-program] }"),
      await complaint("X: { command: [echo, -n] }"),
      await complaint("X: { file: absent }"),
      await complaint("A: { file: a }", { a: "2" }),
      await complaint("X: { file: a, command: [a] }", { a: "2" }),
      await complaint("X: {}"),
      await complaint("X: { command: [] }"),
    ];
    const wanted = [
      /^aplomo\.yml:6:5: env\.from\.X cannot be had: node ended with exit code 3 \(locked\)\. Try it in FOLDER/,
      /^aplomo\.yml:6:5: env\.from\.X cannot be had: aplomo-no-such-program ended with exit code 127/,
      /^aplomo\.yml:6:5: env\.from\.X is empty said by echo/,
      /^aplomo\.yml:6:5: env\.from\.X cannot be had: there is no file FOLDER\/absent/,
      /^aplomo\.yml:6:5: env\.from\.A is set in \.env, line 1, too\. Remove one of the two\.$/,
      /^aplomo\.yml:6:5: env\.from\.X has a command and a file/,
      /^aplomo\.yml:6:5: env\.from\.X does not say where from/,
      /^aplomo\.yml:6:\d+: env\.from\.X/,
    ];
    for (const [index, pattern] of wanted.entries()) assert.match(seen[index] ?? "", pattern);
  });
});
