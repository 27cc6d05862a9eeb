import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { unexamined } from "../../../src/doctor/look/units.ts";
import { Secret } from "../../../src/base/secret.ts";
import type { InvariantSettings } from "../../../src/config/schema.ts";
import { GateError, mask } from "../../../src/deploy/gates/gate.ts";
import { awaitHealthy, health } from "../../../src/deploy/gates/health.ts";
import { identity } from "../../../src/deploy/gates/identity.ts";
import { judge, rowsOf } from "../../../src/backup/invariants.ts";
import { invariants } from "../../../src/deploy/gates/invariants.ts";
import { logs } from "../../../src/deploy/gates/logs.ts";
import { restarts } from "../../../src/deploy/gates/restarts.ts";
import { smoke } from "../../../src/deploy/gates/smoke.ts";
import { stability } from "../../../src/deploy/gates/stability.ts";
import type { Step, Work } from "../../../src/deploy/step.ts";
import type { Unit } from "../../../src/targets/contract.ts";
import type { Examined } from "../../../src/targets/examined.ts";
import { config } from "./facts.ts";
import { unit, work } from "./work.ts";

const units = (...given: Partial<Unit>[]) => ({ units: async () => given.map(unit) });

async function refusal(step: Pick<Step, "run">, given: Work): Promise<GateError> {
  const error = await step.run(given).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof GateError, String(error));
  return error;
}

describe("judge", () => {
  const cases: [invariant: InvariantSettings, found: number | undefined, before: number | undefined, said: string[]][] = [
    [{ at_least: 5 }, 5, undefined, []],
    [{ at_least: 5 }, 4, undefined, ["t: 4, at least 5 expected"]],
    [{ at_most: 5 }, 6, undefined, ["t: 6, at most 5 expected"]],
    [{ exactly: 0 }, 1, undefined, ["t: 1, exactly 0 expected"]],
    [{ never_falls: true }, 7, 7, []],
    [{ never_falls: true }, 4, 7, ["t: 4, before the change 7: 3 rows are missing"]],
    [{ never_falls: true }, 4, undefined, []],
    [{ never_falls: false }, 4, 7, []],
    [{ at_least: 5, never_falls: true }, 4, 7, ["t: 4, at least 5 expected", "t: 4, before the change 7: 3 rows are missing"]],
    [{ at_least: 0 }, undefined, 7, ["t: there is no such table"]],
  ];
  for (const [invariant, found, before, said] of cases)
    it(`${JSON.stringify(invariant)} of ${found}, before ${before}`, () => assert.deepEqual(judge("t", invariant, found, before), said));
});

it("rowsOf finds a table with or without its schema, and takes none where two could be meant", () => {
  const counts = { users: 3, "audit.log": 5, "a.twice": 1, "b.twice": 2, empty: 0 };
  assert.deepEqual(
    ["users", "public.users", "audit.log", "log", "empty", "twice", "nothing", "other.users"].map((name) => rowsOf(counts, name)),
    [3, 3, 5, 5, 0, undefined, undefined, undefined],
  );
});

describe("invariants", () => {
  const databases = {
    agenda: { engine: "postgres", service: "db", invariants: { users: { never_falls: true }, n: { query: "SELECT 1", exactly: 1 } } },
  };
  const given = (change: "migrate" | "restore", rows: number): Work =>
    work({
      settings: { databases },
      facts: { change },
      databases: [{ name: "agenda", counts: async () => ({ users: rows }), number: async () => 1 }],
      evidence: { "change.backup.agenda": { rows: { users: 10 } } },
    });

  it("a migration may take no row away", async () => {
    const error = await refusal(invariants("change"), given("migrate", 9));
    assert.match(error.message, /users: 9, before the change 10: 1 row is missing/);
    assert.deepEqual(error.evidence?.["numbers"], { users: 9, n: 1 });
  });

  it("an older backup may have fewer, and so may people's work", async () => {
    assert.deepEqual(await invariants("change").run(given("restore", 9)), { agenda: { users: 9, n: 1 } });
    assert.deepEqual(await invariants("prove").run(given("migrate", 9)), { agenda: { users: 9, n: 1 } });
  });
});

describe("identity", () => {
  const given = (...all: Partial<Unit>[]): Work =>
    work({ target: { ...units(...all), differences: async ({ id }) => (id === "bad" ? ["A differs"] : []) } });

  it("passes with this release's units alone, a stopped old one beside them", async () => {
    const { units: names } = await identity.run(given({}, { id: "u2", name: "old", release: "r1", state: "stopped" }));
    assert.deepEqual(names, ["agenda-web-1"]);
  });

  it("refuses a unit of another release that runs, and one that is not what is meant", async () => {
    assert.match((await refusal(identity, given({}, { id: "u2", name: "old", release: "r1" }))).message, /old: it still runs r1/);
    assert.match((await refusal(identity, given({ release: null }))).message, /something Aplomo did not start/);
    assert.match((await refusal(identity, given({ id: "bad" }))).message, /agenda-web-1: A differs/);
  });
});

describe("health", () => {
  const settings = { health: { path: "/healthz", within: "2s" } };

  it("waits for the answer of every unit", async () => {
    let asked = 0;
    const server = createServer((_, response) => response.writeHead(++asked < 3 ? 503 : 200).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const address = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
      const evidence = await health().run(work({ settings, target: units({ address }) }));
      assert.deepEqual(evidence["units"], ["agenda-web-1"]);
      assert.equal(asked, 3);
    } finally {
      server.close();
    }
  });

  it("does not wait for what is known never to come: exit code 0 is a crash too", async () => {
    for (const lost of [
      { state: "stopped", exitCode: 0 },
      { state: "running", restarts: 2, exitCode: 0 },
    ] as const) {
      const error = await refusal(health(), work({ settings, target: units(lost) }));
      assert.match(error.message, /ended with exit code 0/);
      assert.match(error.hint ?? "", /process.exit\(0\)/);
      assert.equal(error.evidence?.["log"], "its last words");
    }
  });

  it("says what the last look saw", async () => {
    const quick = { health: { path: "/healthz", within: "300ms" } };
    const ill = await refusal(health(), work({ settings: quick, target: units({ health: "unhealthy" }) }));
    assert.match(ill.message, /not healthy within 0.3 s: agenda-web-1's own health check says unhealthy/);
    assert.match((await refusal(health(), work({ settings: quick, target: units() }))).message, /no unit runs/);
  });

  it("judges a release that one goes back to from now on: restarts of long ago do not count, one more does", async () => {
    const quick = { health: { path: "/healthz", within: "2s" } };
    let restarts = 3;
    const back = work({ settings: quick, target: { units: async () => [unit({ restarts })] } });
    assert.deepEqual((await awaitHealthy(back, { id: "r2", path: "" }, "all", "now"))["units"], ["agenda-web-1"]);
    const worse = work({ settings: quick, target: { units: async () => [unit({ restarts: restarts++, health: "unhealthy" })] } });
    await assert.rejects(awaitHealthy(worse, { id: "r2", path: "" }, "all", "now"), /restarted 4 times/);
  });

  it("asks for the release it is told", async () => {
    const given = work({ settings, target: units({ release: "r1", name: "old" }) });
    assert.deepEqual((await awaitHealthy(given, { id: "r1", path: "" }))["units"], ["old"]);
  });
});

describe("restarts", () => {
  const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
  const before = [unit({ restarts: 2, exitCode: 137 })];
  const now = (more: Partial<Unit>): Work => work({ target: units({ restarts: 2, exitCode: 137, ...more }) });

  it("one of long ago is told with its time, and no failure", async () => {
    const since = ago(3_600_000);
    const warnings: unknown[] = [];
    const given = now({ startedAt: since });
    given.ctx.emit = (event) => void warnings.push(event);
    const evidence = await restarts(before, 10_000).run(given);
    assert.deepEqual(evidence, { restarted: [{ unit: "agenda-web-1", restarts: 2, exitCode: 137, since }] });
    assert.match(
      JSON.stringify(warnings),
      new RegExp(`begun anew 2 times, the last time at ${since} after it ended with exit code 137, and has run ever since`),
    );
    assert.deepEqual(await restarts([unit()], 10_000).run(work({ target: units({}) })), {}, "nothing happened: nothing is told");
  });

  it("one that has not stayed for `watch` yet, and one during the look, is a failure", async () => {
    assert.match((await refusal(restarts(before, 10_000), now({ startedAt: ago(4_000) }))).message, /begun anew 2 times/);
    const error = await refusal(restarts(before, 10_000), now({ restarts: 3, startedAt: ago(30_000) }));
    assert.match(error.message, /begun anew 3 times/);
    assert.equal(error.evidence?.["log"], "its last words");
    await refusal(restarts([], 0), now({ startedAt: ago(30_000) }));
  });
});

describe("stability", () => {
  /** One list of units for each look. */
  const looks = (...all: Partial<Unit>[][]) => {
    let look = 0;
    return work({ target: { units: async () => (all[Math.min(look++, all.length - 1)] ?? []).map(unit) } });
  };

  it("passes when nothing changes", async () => {
    assert.equal((await stability(30).run(looks([{}])))["restarts"], 0);
  });

  it("fails with a unit that ended, was begun anew, was replaced or is gone", async () => {
    assert.match((await refusal(stability(5_000), looks([{}], [{ state: "stopped", exitCode: 0 }]))).message, /ended with exit code 0/);
    assert.match((await refusal(stability(5_000), looks([{}], [{ startedAt: "2026-11-22T15:46:00.000Z" }]))).message, /replaced/);
    assert.match((await refusal(stability(5_000), looks([{}], [{ id: "u9" }]))).message, /replaced/);
    assert.match((await refusal(stability(5_000), looks([{}], [{}, { id: "u2" }]))).message, /replaced/);
    assert.match((await refusal(stability(5_000), looks([]))).message, /no unit runs/);
  });

  it("refuses at its end what is near its memory's limit, with both numbers; others' units and those without a limit are not asked", async () => {
    const of = (used: number, more: Partial<Unit> = {}): Examined => ({
      ...unexamined(unit(more)),
      memory: { used: used << 20, limit: 300 << 20 },
    });
    const given = (...examined: Examined[]): Work => work({ target: { ...units({}), examine: async () => examined } });
    const near = await refusal(stability(30, 90), given(of(280)));
    assert.match(near.message, /memory gate with agenda-web-1: it uses 280 MiB of 300 MiB, 93 % of its limit .* below 90 %/);
    assert.deepEqual([near.evidence?.["usedBytes"], near.evidence?.["limitBytes"]], [280 << 20, 300 << 20]);
    assert.match(near.hint ?? "", /mem_limit.*max_memory_restart.*health\.memory_below/);
    assert.deepEqual((await stability(30, 95).run(given(of(280))))["memory"], { "agenda-web-1": "280 MiB of 300 MiB, 93 % of its limit" });
    assert.equal((await stability(30, 90).run(given(of(299, { release: "r1" }), unexamined(unit()))))["memory"], undefined);
    assert.equal((await stability(30, 100).run(given(of(299))))["memory"], undefined);
  });

  it("only warns of a unit near its limit that the release has kept as it ran", async () => {
    const path = await mkdtemp(join(tmpdir(), "aplomo-kept-"));
    try {
      await writeFile(join(path, "release.json"), JSON.stringify({ kept: { web: "r1" } }));
      const examine = async (): Promise<Examined[]> => [{ ...unexamined(unit({ release: "r1" })), memory: { used: 299, limit: 300 } }];
      const given = work({ facts: { release: { id: "r2", path } }, target: { ...units({}), examine } });
      const warnings: unknown[] = [];
      given.ctx.emit = (event) => void warnings.push(event);
      assert.deepEqual((await stability(30, 90).run(given))["memory"], { "agenda-web-1": "0 MiB of 0 MiB, 100 % of its limit" });
      assert.match(JSON.stringify(warnings), /agenda-web-1, which was left as it ran, uses 0 MiB of 0 MiB, 100 %/);
    } finally {
      await rm(path, { recursive: true });
    }
  });
});

it("logs refuses a forbidden line, and reads only since the start", async () => {
  const options: unknown[] = [];
  const target = { ...units({}), logs: async (_: Unit, asked: unknown) => (options.push(asked), "fine\npanic: disk\nfine") };
  assert.match((await refusal(logs(["^panic"]), work({ target }))).message, /it logged: panic: disk/);
  assert.deepEqual(await logs(["^never"]).run(work({ target })), { lines: 3 });
  assert.deepEqual(options[0], { tail: 5_000, sinceStart: true });
});

it("smoke holds status and text, and needs an address", async () => {
  const server = createServer((request, response) => response.writeHead(request.url === "/" ? 200 : 404).end("Welcome"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const given = work({ target: units({ address: { host: "127.0.0.1", port: (server.address() as AddressInfo).port } }) });
    const check = (get: string, expect: number, contains?: string) => smoke([{ get, expect, ...(contains ? { contains } : {}) }]);
    assert.deepEqual(await check("/", 200, "Welc").run(given), { answers: { "/": 200 } });
    assert.match((await refusal(check("/a", 200), given)).message, /answers 404, not 200/);
    assert.match((await refusal(check("/", 200, "Bye"), given)).message, /lacks "Bye"/);
    assert.match((await refusal(check("/", 200), work({ target: units({}) }))).message, /no unit has a port/);
  } finally {
    server.close();
  }
});

it("mask hides what is declared secret and what looks like it, and leaves ordinary words", () => {
  const environment = new Map(
    Object.entries({ TOKEN: "abcdefgh", KEY: "k3yk3yk3y", PORT: "3000", MODE: "production", EMPTY: "" }).map(([name, value]) => [
      name,
      { value: new Secret(value), origin: ".env:1" },
    ]),
  );
  const { settings } = config({ env: { require: { TOKEN: { secret: true }, EMPTY: { secret: true } } } });
  const given = { config: { ...config(), settings, environment } };
  assert.equal(mask(given, "abcdefgh k3yk3yk3y 3000 production"), "[secret] [secret] 3000 production");
});

it("a start that is told again and again is a loop, a server at its work is none", async () => {
  const loop = ["10:00:01 Starting refresh", "10:00:02 refresh complete in 31 ms"];
  const target = { units: async () => [unit()], logs: async () => ["listening", ...loop, ...loop, ...loop].join("\n") };
  assert.match((await refusal(logs([]), work({ target }))).message, /3 times since its start: 10:00:01 Starting refresh/);
  const sound = {
    ...target,
    logs: async () => ["Starting server", "ready", ...Array(30).fill("GET / 200"), "job complete", ...loop].join("\n"),
  };
  assert.deepEqual(await logs([]).run(work({ target: sound })), { lines: 35 });
});

it("a stack trace in the log is told, and refuses nothing by itself", async () => {
  const target = { units: async () => [unit()], logs: async () => "TypeError: no such thing\n    at load (/app/server.js:10:5)" };
  assert.deepEqual((await logs([]).run(work({ target })))["stacks"], ["agenda-web-1: TypeError: no such thing"]);
});
