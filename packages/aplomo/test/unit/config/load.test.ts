import assert from "node:assert/strict";
import { chdir, cwd } from "node:process";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { loadConfig } from "../../../src/config/load.ts";
import { ConfigError } from "../../../src/config/problem.ts";
import { cases, secret } from "./cases.ts";
import { complaints, compose, load, withFiles } from "./folder.ts";

for (const [title, own] of Object.entries(cases)) {
  describe(`loadConfig: ${title}`, () => {
    for (const { name, yml, env, shell, says } of own) {
      it(name, async () => {
        const lines = await complaints({ "aplomo.yml": yml, ...(env === undefined ? {} : { ".env": env }) }, shell);
        const begins = lines.map((line, index) => line.slice(0, says[index]?.length ?? undefined));
        assert.deepEqual(begins, says);
        for (const line of lines) assert.ok(!line.includes(secret), line);
      });
    }
  });
}

describe("loadConfig", () => {
  it("says which file it looked for", async () => {
    await withFiles({}, async (folder) => {
      const error = await loadConfig(`${folder}/aplomo.yml`, {}).catch((caught: unknown) => caught);
      assert.ok(error instanceof ConfigError);
      assert.ok(error.message.includes(`:1:1: there is no file ${folder}/aplomo.yml. Run \`aplomo init\``), error.message);
    });
  });

  it("finds aplomo.yaml beside it", async () => {
    const lines = await complaints({ "aplomo.yaml": compose() });
    assert.deepEqual(lines, ["aplomo.yml:1:1: there is no file aplomo.yml. Rename aplomo.yaml to aplomo.yml."]);
  });

  it("names files as seen from the present folder", async () => {
    await withFiles({ "aplomo.yml": "{}\n" }, async (folder) => {
      const before = cwd();
      chdir(folder);
      try {
        await assert.rejects(loadConfig("aplomo.yml", {}), /^ConfigError: aplomo\.yml:1:1: app is missing/);
      } finally {
        chdir(before);
      }
    });
  });

  it("takes variables from the env file before the shell, and as numbers where numbers are wanted", async () => {
    const yml =
      "app: ${NAME:-hub}\ntarget:\n  kind: pm2\n  script: a$$b.js\n  port: ${PORT}\n  wait_ready: ${READY}\n  args: ['${EMPTY:-}']\nenv: { file: '${STAGE}.env' }\n";
    const config = await load(
      { "aplomo.yml": yml, "test.env": "PORT=3001\nSTAGE=other\n" },
      { STAGE: "test", PORT: "3002", READY: "true" },
    );
    const { target } = config.settings;
    assert.ok(target.kind === "pm2");
    assert.deepEqual(
      [target.port, target.wait_ready, target.script, target.args, config.settings.app],
      [3001, true, "a$b.js", [""], "hub"],
    );
  });

  it("gives the app every variable of the env file, and of the shell what is required", async () => {
    const yml = compose("env: { file: .env, require: { A: {}, B: {}, C: {} } }\n");
    const { environment } = await load({ "aplomo.yml": yml, ".env": "A=file\nZ=file\n" }, { A: "shell", B: "shell", PATH: "/bin" });
    const seen = [...environment].map(([name, { value, origin }]) => [name, value.reveal(), origin]);
    assert.deepEqual(seen, [
      ["A", "file", ".env:1"],
      ["Z", "file", ".env:2"],
      ["B", "shell", "environment"],
    ]);
  });

  it("shows nothing secret when it is printed or serialised", async () => {
    const yml = compose(
      "env: { file: .env }\ndatabases: { a: { engine: postgres, url: '${URL}' } }\nseed: { run: [x], service: w, env: { A: '${KEY}' } }\n",
    );
    const config = await load({ "aplomo.yml": yml, ".env": `URL=postgres://u:${secret}@h/n\nKEY=${secret}\n` });
    assert.equal(config.settings.databases["a"]?.url?.reveal(), `postgres://u:${secret}@h/n`);
    assert.equal(config.settings.seed?.env["A"]?.reveal(), secret);
    for (const text of [inspect(config, { depth: 9 }), JSON.stringify(config), JSON.stringify([...config.environment])])
      assert.ok(!text.includes(secret));
  });

  it("reads anchors and aliases, a byte order mark and line ends of Windows", async () => {
    const yml = "\uFEFFapp: agenda\r\ntarget: { kind: compose }\r\nhealth: { within: &t 30s, watch: *t }\r\n";
    const { health } = (await load({ "aplomo.yml": yml })).settings;
    assert.deepEqual([health.within, health.watch], [30_000, 30_000]);
  });
});
