import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AplomoError } from "../../../src/base/errors.ts";
import { ConfigError } from "../../../src/config/problem.ts";
import { refuseBrokenEnvironment } from "../../../src/deploy/environment.ts";
import { compareFingerprints } from "../../../src/deploy/environment-diff.ts";
import { seeded } from "../../support/random.ts";
import { compose, load } from "../config/folder.ts";

/** A rule, values that keep it, and values that break it. */
const rules: { rule: string; good: string[]; bad: string[] }[] = [
  {
    rule: "secret: true, min_length: 32",
    good: ["8f14e45fceea167a5a36dedd4bea2543"],
    bad: ["changeme", "dev-secret", "a".repeat(40), "Zp4wX9vB"],
  },
  { rule: "list: csv, each: host", good: ["a.example,b.example"], bad: ['["a.example"]', "a.example,,b", "a.example, b.example"] },
  { rule: "list: json, each: url", good: ['["https://a.example"]'], bad: ["https://a.example", "[a]", '["ftp"]'] },
  { rule: "type: port", good: ["3000"], bad: ["0", "70000", "http"] },
  { rule: "type: url", good: ["postgres://u:Zp4wX9vB@h/n"], bad: ["Zp4wX9vB", "//h"] },
  { rule: "one_of: [info, warn]", good: ["info"], bad: ["loud"] },
  { rule: "equals: production", good: ["production"], bad: ["development"] },
  { rule: 'pattern: "^[A-Z]{3}$"', good: ["EUR"], bad: ["eur", "EURO"] },
  { rule: "max_length: 5", good: ["short"], bad: ["much-too-long"] },
];

/** Lines no env file may have. */
const faults = ["no equals sign", 'V0="never closed', "9LIVES=1", "V0='a' b", "V0=1\nV0=2"];

describe("a broken environment", () => {
  it("is refused 200 times with a place, a name and the next act, as a fault of the configuration, without a value", async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed);
      const below = (count: number): number => Math.floor(random() * count);
      const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
      const chosen = Array.from({ length: 1 + below(5) }, () => pick(rules));
      const broken = below(chosen.length);
      const lines = chosen.flatMap(({ good, bad }, index) => {
        const value = index === broken ? pick([...bad, undefined]) : pick(good);
        return value === undefined ? [] : [`V${index}='${value}'`];
      });
      if (seed % 4 === 0) lines.splice(below(lines.length + 1), 0, pick(faults));
      const contract = chosen.map(({ rule }, index) => `    V${index}: { ${rule} }\n`).join("");
      const forbid = seed % 5 === 0 ? "  forbid: [V0]\n" : "";
      const files = {
        "aplomo.yml": compose(`env:\n  file: .env\n  require:\n${contract}${forbid}`),
        ".env": `# top\n${lines.join("\n")}\n`,
      };
      const error = await load(files)
        .then(refuseBrokenEnvironment)
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
      const said = `seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n${files["aplomo.yml"]}${files[".env"]}`;
      assert.ok(error instanceof AplomoError && error.exitCode === 2, said);
      for (const line of error.message.split("\n")) {
        assert.match(
          line,
          error instanceof ConfigError ? /^\S+:\d+:\d+: .+\. .+\.$/ : /^(\.env|aplomo\.yml):\d+: \w+: .+ \(\w+\)\. .+\.$/,
          said,
        );
        for (const { bad } of chosen)
          for (const value of bad) assert.ok(!line.includes(`'${value}'`) && (value.length < 8 || !line.includes(value)), said);
      }
    }
  });
});

it("environments are compared by name and fingerprint", () => {
  const before = { A: "1", B: "2", C: "3", APLOMO_RELEASE: "4", "web:APLOMO_RELEASE": "5" };
  assert.deepEqual(compareFingerprints(before, { A: "1", B: "9", D: "0" }), [
    { name: "B", change: "changed", before: "2", now: "9" },
    { name: "C", change: "removed", before: "3", now: null },
    { name: "D", change: "added", before: null, now: "0" },
  ]);
});
