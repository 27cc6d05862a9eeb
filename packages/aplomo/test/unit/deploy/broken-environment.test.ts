import assert from "node:assert/strict";
import { it } from "node:test";
import { EnvironmentError, refuseBrokenEnvironment } from "../../../src/deploy/environment.ts";
import { ConfigError } from "../../../src/config/problem.ts";
import { seeded } from "../../support/random.ts";
import { compose, load } from "../config/folder.ts";

const planted = "zebra4417Planted";

/** A contract of every kind, a value that keeps it, and values that do not. */
const contract: [variable: string, rules: string, sound: string, broken: string[]][] = [
  ["SECRET", "{ secret: true, min_length: 20 }", "8f14e45fceea167a5a36dedd4bea2543", [planted, "changeme", "abcabcabcabcabcabcabcabc", ""]],
  ["HOSTS", "{ list: csv, each: host }", "a.example,b.example", [`["${planted}"]`, `${planted},,b`, `${planted}, b`, `${planted}:x`]],
  ["ORIGINS", "{ list: json, each: url }", '["https://a.example"]', [planted, `[${planted}]`, `["${planted}"]`, "[]"]],
  ["PORT", "{ type: port }", "3000", [planted, "0", "70000", "3000x"]],
  ["URL", "{ type: url }", "https://a.example", [planted, "//x", "http:"]],
  ["MODE", "{ one_of: [a, b] }", "a", [planted, "A", "ab"]],
  ["ENVIRONMENT", "{ equals: production }", "production", [planted, "Production"]],
  ["NAME", '{ pattern: "^v[0-9]+$", max_length: 5 }', "v12", [planted, "v", `v${"1".repeat(9)}`]],
];

/** What an editor, a merge or a shell does to a file. */
const ruins: ((line: string) => string)[] = [
  (line) => line.replace("=", `="${planted} `),
  (line) => `${line}\n${line}`,
  (line) => line.replace("=", " "),
  (line) => `1${line}`,
  (line) => line.replace(/=.*/, `="${planted}"${planted}`),
  () => `<<<<<<< ${planted}`,
  (line) => line.replace(/=.*/, `=#${planted}`),
];

it("200 broken environments each are refused with exit code 2 and a place in each line, and no value is told", async () => {
  const rules = contract.map(([name, text]) => `${name}: ${text}`).join(", ");
  const yml = compose(`env: { file: .env, require: { ${rules} }, forbid: [DEBUG] }\n`);
  for (let seed = 1; seed <= 200; seed++) {
    const next = seeded(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
    const lines = contract.map(([name, , sound]) => `${name}=${sound}`);
    for (let times = 1 + Math.floor(next() * 3); times > 0; times--) {
      const at = Math.floor(next() * contract.length);
      const [name = "", , , broken = []] = contract[at] ?? [];
      const change = [
        () => (lines[at] = `${name}=${pick(broken)}`),
        () => (lines[at] = "# gone"),
        () => (lines[at] = pick(ruins)(`${name}=${planted}`)),
        () => lines.push(`DEBUG=${planted}`),
      ];
      pick(change)();
    }
    const error = await load({ "aplomo.yml": yml, ".env": `${lines.join("\n")}\n`, "compose.yml": "services: {}\n" })
      .then(refuseBrokenEnvironment)
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    const where = `seed ${seed}\n${lines.join("\n")}\n${error instanceof Error ? error.stack : String(error)}`;
    assert.ok(error instanceof EnvironmentError || error instanceof ConfigError, where);
    assert.equal(error.exitCode, 2);
    for (const line of error.message.split("\n")) assert.match(line, /(^|\/)(\.env|aplomo\.yml):\d+(:\d+)?: /, where);
    assert.ok(!error.message.includes(planted), where);
  }
});
