import assert from "node:assert/strict";
import { test } from "node:test";
import { again } from "../../../src/stores/again.ts";
import { checkName, isPartial, partialName, StoreError, type Problem } from "../../../src/stores/contract.ts";
import { sshFailure } from "../../../src/stores/sftp/errors.ts";
import { sshCommand } from "../../../src/stores/sftp/session.ts";
import { attributes, Fields, kinds, packet, Packets } from "../../../src/stores/sftp/wire.ts";
import { seeded } from "../../support/random.ts";

const { signal } = new AbortController();
const failure = (problem: Problem): StoreError => new StoreError(problem, { operation: "reach", subject: "it" });

test("a partial file is named after its content, and is no name anybody may use", () => {
  const name = partialName("app/daily/x.zst", { sha256: "ab".repeat(32), bytes: 1 });
  assert.equal(name, "app/daily/.x.zst.abababababab.partial");
  assert.ok(isPartial(name) && !isPartial("app/daily/x.partial") && !isPartial("app/.hidden"));
  assert.throws(() => checkName(name), StoreError);
});

test("tries again while it gets further, and only what may pass", async () => {
  let calls = 0;
  const got = await again(
    signal,
    async (progress) => {
      calls += 1;
      // Two attempts in a row may fail at the same place, and not three.
      progress(Math.floor(calls / 2));
      if (calls < 9) throw failure("unreachable");
      return calls;
    },
    { attempts: 3, pause: 1 },
  );
  assert.equal(got, 9);
  for (const [problem, wanted] of [
    ["unreachable", 3],
    ["refused", 1],
    ["full", 1],
  ] as const) {
    calls = 0;
    const work = async (): Promise<never> => {
      calls += 1;
      throw failure(problem);
    };
    await assert.rejects(again(signal, work, { attempts: 3, pause: 1 }), StoreError);
    assert.equal(calls, wanted);
  }
});

test("an interruption ends the waiting", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const work = again(controller.signal, async () => Promise.reject(failure("unreachable")), { pause: 60_000 });
  setImmediate(() => controller.abort(reason));
  await assert.rejects(work, (error) => error === reason);
});

test("ssh is asked for SFTP without questions, and a host is never an option", () => {
  const { argv } = sshCommand({ kind: "sftp", host: "-oProxyCommand=x", port: 2222, directory: "b", ssh_config: "/c" });
  assert.deepEqual(argv.slice(0, 5), ["ssh", "-F", "/c", "-p", "2222"]);
  assert.deepEqual(argv.slice(-4), ["-s", "--", "-oProxyCommand=x", "sftp"]);
  assert.ok(argv.includes("BatchMode=yes"));
});

test("why ssh ended is told with the next act", () => {
  const of = (said: string, code = 255): [string, string | undefined] => {
    const { problem, hint } = sshFailure(code, said, "nas");
    return [problem, hint?.split(".")[0]];
  };
  assert.deepEqual(of("@@@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @@@\nHost key verification failed."), [
    "refused",
    "The server is not the one it was",
  ]);
  assert.deepEqual(of("No ED25519 host key is known for nas\nHost key verification failed.")[0], "refused");
  assert.deepEqual(of("u@nas: Permission denied (publickey).")[0], "refused");
  assert.deepEqual(of("ssh: connect to host nas port 22: Connection refused")[0], "unreachable");
  assert.deepEqual(of("", 127), ["refused", "Install it: apt install openssh-client"]);
});

test("packets are read however they arrive", () => {
  const sent = [
    packet(kinds.data, 1, Buffer.alloc(40_000, 7)),
    packet(kinds.status, 2, 0, "fine", ""),
    packet(kinds.attributes, 3, { raw: Buffer.concat([Buffer.of(0, 0, 0, 0xd), size(5n), mode(0o100600), mode(1), mode(1_700_000_000)]) }),
    packet(kinds.open, 4, "ñ", 0, attributes(0o600)),
  ].map((pieces) => Buffer.concat(pieces));
  const all = Buffer.concat(sent);
  const random = seeded(9);
  for (const step of [() => 1, () => all.length, () => 1 + Math.floor(random() * 9_000)]) {
    const packets = new Packets();
    const found: Buffer[] = [];
    for (let at = 0; at < all.length;) {
      const length = step();
      found.push(...packets.add(all.subarray(at, at + length)));
      at += length;
    }
    assert.deepEqual(
      found,
      sent.map((one) => one.subarray(4)),
    );
    const fields = new Fields(found[2] ?? Buffer.alloc(0));
    assert.deepEqual([fields.byte(), fields.number()], [kinds.attributes, 3]);
    assert.deepEqual(fields.attributes(), { bytes: 5, mode: 0o100600, modifiedAt: new Date(1_700_000_000_000) });
  }
  assert.throws(() => new Packets().add(Buffer.from("Welcome to nas!\n")), /does its login print a text/);
  assert.throws(() => new Fields(Buffer.of(0, 0, 0, 9, 1)).bytes(), /too short/);
});

function size(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

function mode(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
