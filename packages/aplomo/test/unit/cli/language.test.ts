import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Ended } from "./aplomo.ts";
import { resident } from "./resident.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aplomo-lang-"));
  const yml =
    "app: hub\ntarget: { kind: pm2, script: server.js, port: 3000 }\nenv: { file: .env, require: { SECRET_KEY: { min_length: 32 } } }\n";
  await writeFile(join(folder, "aplomo.yml"), yml);
  await writeFile(join(folder, ".env"), "SECRET_KEY=short\n");
});
after(() => rm(folder, { recursive: true, force: true }));

function aplomo(args: string[], variables: NodeJS.ProcessEnv): Promise<Ended> {
  const env = { PATH: process.env["PATH"], HOME: folder, APLOMO_HOME: join(folder, "home"), NO_COLOR: "1", ...variables };
  return resident(args, folder, env);
}

describe("the language of a command", () => {
  it("is that of --lang, wherever it stands, of APLOMO_LANG, or of the system", async () => {
    const ways: [string[], NodeJS.ProcessEnv][] = [
      [["check", "--lang", "es"], {}],
      [["--lang=es", "check"], { LANG: "en_GB.UTF-8" }],
      [["check"], { APLOMO_LANG: "es" }],
      [["check"], { LANG: "es_CL.UTF-8" }],
    ];
    for (const [args, env] of ways) {
      const { code, stdout } = await aplomo(args, env);
      assert.deepEqual([code, stdout.includes("SECRET_KEY: tiene 5 caracteres, menos de 32")], [1, true], stdout);
      assert.match(stdout, /^1 hallazgo$/m);
    }
    const english = await aplomo(["check"], { LANG: "C.UTF-8" });
    assert.match(english.stdout, /SECRET_KEY: has 5 characters, fewer than 32/);
  });

  it("is that of the help and of the parser's own words too", async () => {
    const { stdout } = await aplomo(["deploy", "--help"], { LANG: "es_ES.UTF-8" });
    for (const part of [
      "Uso: aplomo deploy",
      "llevar la aplicación a su siguiente versión",
      "Opciones:",
      "Ejemplos:",
      "Códigos de salida:",
    ])
      assert.ok(stdout.includes(part), `${part} is not in\n${stdout}`);
    const { code, stderr } = await aplomo(["deploy", "--nonesuch"], { LANG: "es_ES.UTF-8" });
    assert.deepEqual([code, /opción desconocida '--nonesuch'/.test(stderr)], [2, true], stderr);
  });

  it("is never that of JSON, and one that there is not is refused", async () => {
    assert.match((await aplomo(["check", "--json"], { APLOMO_LANG: "es" })).stdout, /has 5 characters, fewer than 32/);
    assert.equal((await aplomo(["check", "--lang", "xx"], {})).code, 2);
  });
});
