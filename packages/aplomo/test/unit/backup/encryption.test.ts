import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, type Transform } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { describe, test } from "node:test";
import { AplomoError, UsageError } from "../../../src/base/errors.ts";
import { Secret } from "../../../src/base/secret.ts";
import { newSeal, openWith } from "../../../src/backup/encryption.ts";
import { checkKeys } from "../../../src/backup/encryption-check.ts";
import { newIdentity, parseIdentities, parseRecipient, type Identity } from "../../../src/backup/encryption-keys.ts";
import { newKit } from "../../../src/backup/kit.ts";
import { seeded } from "../../support/random.ts";

/** Made for this test by the age program 1.1.1: `echo count: 3 rows | age -r ...`. */
const theirs = {
  identity: "AGE-SECRET-KEY-1ADR289ASQGXJWXXQY64NPZDLR7LLEDY8CFR8KHQ0Q4UK662V79AQCDDA74",
  recipient: "age1n2tshy8uh8mw25nkq276lq8dgu6qpetwqcmf0ru0mafczwd8se2qh5m5l0",
  file:
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBRSDllLytCbnlwQjFzMFVkNXZWYUpMUHZYSGsrNFM5c0N6TStveWxRZUM0Ci96UUdIZVRWek5KZTFnZGt6Unh3TU9Q" +
    "WkhwSXdPSzZ1LzBXOFFBV0lxWkEKLS0tIGhQdnM5emRjQllSdlc1dkxzNnE5cUowcTlHMDFMa3RhM2xvZnpzeG1kVWsKNtYwrNo0uc9kZH8DWOwBbuM5zHXSY8oC/bj7SHYS" +
    "Gr12lB14W4EblXxUcDSfmg==",
};
const identities = (text: string | Secret): Identity[] => parseIdentities(text instanceof Secret ? text : new Secret(text));

/** Through a stream, in pieces of the given sizes. */
async function through(bytes: Buffer, transform: Transform, sizes: () => number = () => 65_536): Promise<Buffer> {
  function* pieces(): Generator<Buffer> {
    for (let at = 0; at < bytes.length;) {
      const size = Math.max(1, sizes());
      yield bytes.subarray(at, at + size);
      at += size;
    }
  }
  const result = buffer(transform);
  result.catch(() => {});
  await pipeline(Readable.from(pieces(), { objectMode: false }), transform);
  return result;
}

test("opens what the age program made, and knows the recipient of an identity", async () => {
  assert.equal(identities(theirs.identity)[0]?.recipient.text, theirs.recipient);
  const plain = await through(Buffer.from(theirs.file, "base64"), openWith(identities(`# created: today\n${theirs.identity}\n\n`)));
  assert.equal(plain.toString(), "count: 3 rows\n");
});

test("gives back what went in, at every size around a piece, however it arrives", async () => {
  const { identity, recipient } = newIdentity();
  const random = seeded(3);
  for (const bytes of [0, 1, 65_535, 65_536, 65_537, 131_072, 131_073, 500_000]) {
    const plain = randomBytes(bytes);
    const seal = newSeal([recipient]);
    const sealed = await through(plain, seal.close(), () => Math.floor(random() * 100_000));
    assert.equal(sealed.length, 184 + bytes + 16 * Math.max(1, Math.ceil(bytes / 65_536)));
    for (const opened of [openWith(identities(identity)), seal.open(), seal.open()])
      assert.deepEqual(await through(sealed, opened, () => Math.floor(random() * 100_000)), plain);
  }
  const small = await through(randomBytes(10), newSeal([recipient]).close());
  assert.equal((await through(small, openWith(identities(identity)), () => 1)).length, 10);
});

test("several recipients each open it, and nobody else", async () => {
  const [a, b, c] = [newIdentity(), newIdentity(), newIdentity()];
  const sealed = await through(Buffer.from("data"), newSeal([a.recipient, b.recipient]).close());
  for (const one of [a, b]) assert.equal((await through(sealed, openWith(identities(one.identity)))).toString(), "data");
  assert.equal((await through(sealed, openWith([...identities(c.identity), ...identities(b.identity)]))).toString(), "data");
  await assert.rejects(through(sealed, openWith(identities(c.identity))), (error: AplomoError) => {
    assert.match(error.message, /it was not made for the key given \(age1/);
    assert.ok(!error.message.includes(c.identity.reveal()));
    return error instanceof AplomoError;
  });
});

test("two files of the same content share no byte pattern, and one seal closes one file", async () => {
  const { recipient } = newIdentity();
  const seal = newSeal([recipient]);
  const [one, two] = [await through(Buffer.alloc(1_000), seal.close()), await through(Buffer.alloc(1_000), newSeal([recipient]).close())];
  assert.notDeepEqual(one.subarray(-900), two.subarray(-900));
  assert.throws(() => seal.close(), /one file only/);
});

test("a file that was cut anywhere, or has a bit changed anywhere, is refused, and nothing unchecked comes out", async () => {
  const { identity, recipient } = newIdentity();
  const plain = randomBytes(3 * 65_536);
  const sealed = await through(plain, newSeal([recipient]).close());
  const random = seeded(5);
  const cuts = [0, 1, 100, 167, 168, 184, 200, 184 + 65_552, 184 + 2 * 65_552, sealed.length - 1];
  for (let count = 0; count < 30; count += 1) cuts.push(Math.floor(random() * sealed.length));
  for (const cut of cuts)
    await assert.rejects(through(sealed.subarray(0, cut), openWith(identities(identity))), AplomoError, `cut at ${cut}`);
  await assert.rejects(through(Buffer.concat([sealed, Buffer.from("x")]), openWith(identities(identity))), AplomoError);
  for (let at = 0; at < sealed.length; at += at < 400 ? 1 : 5_000) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    const opening = openWith(identities(identity));
    const out: Buffer[] = [];
    opening.on("data", (chunk: Buffer) => out.push(chunk));
    await assert.rejects(pipeline(Readable.from([changed]), opening), AplomoError, `changed at ${at}`);
    const shown = Buffer.concat(out);
    assert.deepEqual(shown, plain.subarray(0, shown.length));
  }
});

test("recipients that cannot be right are refused with the reason, when the configuration is read", () => {
  const { identity, recipient } = newIdentity();
  const cases: [string, RegExp][] = [
    [identity.reveal(), /must not be on this server/],
    [`${recipient.slice(0, -1)}${recipient.endsWith("q") ? "p" : "q"}`, /mistyped/],
    [recipient.slice(0, -3), /mistyped/],
    ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", /keys of ssh cannot be used/],
    ["age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t", /no plug-ins/],
    ["backup@example.com", /not an age recipient/],
  ];
  for (const [text, wanted] of cases)
    assert.throws(
      () => parseRecipient(text),
      (error: UsageError) => {
        assert.match(error.message, wanted);
        assert.ok(!error.message.includes(identity.reveal()));
        return error instanceof UsageError;
      },
    );
  assert.throws(() => identities("# only a comment\n"), /there is no key in it/);
  assert.throws(() => identities(identity.reveal().toLowerCase()), /mistyped/);
});

describe("whether somebody holds the key", () => {
  const now = new Date("2026-11-22T10:00:00Z");
  const folder = async (work: (path: string) => Promise<void>): Promise<void> => {
    const path = await mkdtemp(join(tmpdir(), "aplomo-keys-"));
    try {
      await work(path);
    } finally {
      await rm(path, { recursive: true });
    }
  };

  test("is shown by the identity, or by the code that only its holder can read", () =>
    folder(async (path) => {
      const [a, b] = [newIdentity(), newIdentity()];
      const [first] = await checkKeys(path, [a.recipient, b.recipient], now);
      assert.equal(first?.confirmedAt, null);
      const text = (await through(await readFile(first?.file ?? ""), openWith(identities(a.identity)))).toString();
      const code = /^Code: (\S+)$/m.exec(text)?.[1] ?? "";
      const after = await checkKeys(path, [a.recipient, b.recipient], now, { code: code.toLowerCase().replaceAll("-", " ") });
      assert.deepEqual(
        after.map(({ confirmedAt }) => confirmedAt),
        [now.toISOString(), null],
      );
      await checkKeys(path, [a.recipient, b.recipient], now, { identities: identities(b.identity) });
      assert.ok((await checkKeys(path, [a.recipient, b.recipient], now)).every(({ confirmedAt }) => confirmedAt !== null));
      for (const name of await readdir(path)) assert.ok(!(await readFile(join(path, name), "utf8")).includes(code));
    }));

  test("a wrong or missing key is found now", () =>
    folder(async (path) => {
      const [a, b] = [newIdentity(), newIdentity()];
      await assert.rejects(checkKeys(path, [a.recipient], now, { identities: identities(b.identity) }), (error: UsageError) => {
        assert.ok(error.message.includes(a.recipient) && error.message.includes(b.recipient));
        return error instanceof UsageError;
      });
      await assert.rejects(checkKeys(path, [a.recipient], now, { code: "0000-0000-0000-0000" }), UsageError);
      assert.equal((await checkKeys(path, [a.recipient], now))[0]?.confirmedAt, null);
      // A recipient that takes another's place is not confirmed by it.
      await checkKeys(path, [a.recipient], now, { identities: identities(a.identity) });
      assert.equal((await checkKeys(path, [b.recipient], now))[0]?.confirmedAt, null);
    }));

  test("a damaged file is said to be that, not a wrong key", () =>
    folder(async (path) => {
      const a = newIdentity();
      const [check] = await checkKeys(path, [a.recipient], now);
      await writeFile(check?.file ?? "", "damaged");
      await assert.rejects(checkKeys(path, [a.recipient], now, { identities: identities(a.identity) }), /not an age file/);
      await rm(check?.file ?? "");
      const [again] = await checkKeys(path, [a.recipient], now, { identities: identities(a.identity) });
      assert.notEqual(again?.confirmedAt, null);
    }));
});

test("the recovery kit holds the key and the way back, and shows itself only when asked", () => {
  const subject = {
    app: "agenda",
    databases: [
      { name: "main", engine: "postgres" },
      { name: "local", engine: "sqlite" },
    ],
    directory: "/var/b",
    stores: ["nas"],
  };
  const kit = newKit(subject, new Date("2026-11-22T10:00:00Z"));
  assert.ok(!JSON.stringify(kit).includes("SECRET"));
  const text = kit.text.reveal();
  const key = /AGE-SECRET-KEY-1\S+/.exec(text)?.[0] ?? "";
  assert.equal(identities(key)[0]?.recipient.text, kit.recipient);
  for (const part of ["age -d -i key.txt", "zstd -d", "psql -X -1", "> local.sqlite", "/var/b", "nas", "sha256sum -c"])
    assert.ok(text.includes(part), part);
});
