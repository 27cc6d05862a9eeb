import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { it } from "node:test";
import { inspect } from "node:util";
import { Secret } from "../../../src/base/secret.ts";
import { local } from "../../../src/host/local.ts";
import { CommandError, lastLines, type Command } from "../../../src/host/run.ts";

/** A Node program given as text. */
function node(code: string, more: Omit<Command, "argv"> = {}): Command {
  return { argv: [process.execPath, "-e", code], ...more };
}

it("gives status and both streams, whatever the status", async () => {
  const result = await local.attempt(node(`console.log("out"); console.error("err"); process.exit(3)`));
  assert.deepEqual([result.code, result.signal, result.timedOut, result.stdout, result.stderr], [3, null, false, "out\n", "err\n"]);
});

it("run throws what the program said last, with its name", async () => {
  await assert.rejects(local.run(node(`for (const n of [1,2,3,4,5,6,7]) console.error("line " + n); process.exit(3)`)), (error) => {
    assert.ok(error instanceof CommandError);
    assert.match(error.message, /could not run \S+node -e .*: exit code 3: line 3\nline 4\nline 5\nline 6\nline 7$/s);
    assert.equal(error.result.code, 3);
    return true;
  });
});

it("a program that is missing answers 127, as in a shell", async () => {
  const result = await local.attempt({ argv: ["aplomo-no-such-program"], input: "text" });
  assert.equal(result.code, 127);
  assert.match(result.stderr, /aplomo-no-such-program/);
  await assert.rejects(local.run({ argv: ["aplomo-no-such-program"] }), CommandError);
});

it("so does one that the system refuses at once", async () => {
  for (const command of [{ argv: ["true", "x".repeat(3_000_000)] }, { argv: ["true"], cwd: process.execPath }] as Command[]) {
    const result = await local.attempt(command);
    assert.equal(result.code, 127);
    assert.notEqual(result.stderr, "");
  }
});

it("gives input, also to a program that does not read it", async () => {
  assert.equal((await local.run({ argv: ["cat"], input: "hello" })).stdout, "hello");
  const result = await local.attempt(node("process.exit(0)", { input: "x".repeat(4_000_000) }));
  assert.equal(result.code, 0);
});

it("without input the program reads an end at once", async () => {
  assert.equal((await local.run({ argv: ["cat"] })).stdout, "");
});

it("ends a program at its limit", async () => {
  const result = await local.attempt({ argv: ["sleep", "600"], timeout: 100 });
  assert.deepEqual([result.code, result.signal, result.timedOut], [null, "SIGTERM", true]);
});

it("one that calls its end at the limit a success has failed all the same", async () => {
  const polite = node(`process.on("SIGTERM", () => process.exit(0)); console.log("up"); setInterval(() => {}, 1000)`, { timeout: 400 });
  await assert.rejects(local.run(polite), /did not end within 0.4 s/);
});

it("kills what does not listen, and does not wait for what it left behind with its output open", { timeout: 30_000 }, async () => {
  // The shell ignores SIGTERM; its child inherits that and holds the output open for 20 s.
  const [deaf, left] = await Promise.all([
    local.attempt({ argv: ["sh", "-c", 'trap "" TERM; echo up; while :; do sleep 0.2; done'], timeout: 100 }),
    local.attempt({ argv: ["sh", "-c", "echo up; sleep 20 & wait"], timeout: 100 }),
  ]);
  assert.deepEqual([deaf.signal, deaf.timedOut, deaf.stdout], ["SIGKILL", true, "up\n"]);
  assert.deepEqual([left.timedOut, left.stdout], [true, "up\n"]);
  assert.ok(left.durationMs < 15_000);
});

it("an aborted signal ends it and is what is thrown", async () => {
  const stop = new AbortController();
  const running = assert.rejects(local.attempt({ argv: ["sleep", "600"] }, stop.signal), /interrupted/);
  stop.abort(new Error("interrupted"));
  await running;
  await assert.rejects(local.attempt({ argv: ["true"] }, stop.signal), /interrupted/);
});

it("keeps the end of an output that is too long", async () => {
  const { stdout } = await local.run(
    node(`for (let i = 0; i < 300; i++) process.stdout.write("a".repeat(99_999) + "\\n"); console.log("the end")`),
  );
  assert.equal(stdout.length, 8 * 1024 * 1024);
  assert.ok(stdout.endsWith("a\nthe end\n"));
});

it("adds to the environment, removes from it, or replaces it", async () => {
  process.env["APLOMO_TEST_GIVEN"] = "given";
  try {
    const show = `console.log(JSON.stringify([process.env.APLOMO_TEST_GIVEN, process.env.ADDED, process.env.HOME]))`;
    const seen = async (more: Omit<Command, "argv">): Promise<unknown> => JSON.parse((await local.run(node(show, more))).stdout);
    assert.deepEqual(await seen({ env: { ADDED: new Secret("s") } }), ["given", "s", process.env["HOME"] ?? null]);
    assert.deepEqual(await seen({ env: { APLOMO_TEST_GIVEN: undefined } }), [null, null, process.env["HOME"] ?? null]);
    assert.deepEqual(await seen({ env: { ADDED: "b" }, cleanEnv: true }), [null, "b", null]);
  } finally {
    delete process.env["APLOMO_TEST_GIVEN"];
  }
});

it("an error shows no environment and no input", async () => {
  const command = node("process.exit(1)", { env: { PASSWORD: new Secret("hunter2-a"), OTHER: "hunter2-b" }, input: "hunter2-c" });
  const error = await local.run(command).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof CommandError);
  assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error) + String(error.stack), /hunter2/);
});

it("two programs are joined by a pipe of the system", async () => {
  const first = local.spawn({ argv: ["cat"] }, ["pipe", "pipe", "ignore"]);
  const second = local.spawn({ argv: ["wc", "-c"] }, [first.stdout ?? "ignore", "pipe", "ignore"]);
  let counted = "";
  second.stdout?.setEncoding("utf8").on("data", (chunk: string) => (counted += chunk));
  createReadStream(process.execPath, { end: 999_999 }).pipe(first.stdin ?? process.stderr);
  assert.deepEqual(await first.ended, { code: 0, signal: null });
  assert.deepEqual(await second.ended, { code: 0, signal: null });
  assert.equal(counted.trim(), "1000000");
});

it("lastLines gives the last lines", () => {
  assert.equal(lastLines("a\nb\nc", 2), "b\nc");
  assert.equal(lastLines("a", 2), "a");
});

it("a program whose reader has gone ends, instead of waiting for ever", { timeout: 30_000 }, async () => {
  const writer = local.spawn({ argv: ["yes"] }, ["ignore", "pipe", "ignore"]);
  const reader = local.spawn({ argv: ["head", "-c", "10"] }, [writer.stdout ?? "ignore", "ignore", "ignore"]);
  assert.equal((await reader.ended).code, 0);
  assert.notEqual((await writer.ended).code, 0);
});
