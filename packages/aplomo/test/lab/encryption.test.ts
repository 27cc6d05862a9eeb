import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { newSeal, openWith } from "../../src/backup/encryption.ts";
import { checkKeys } from "../../src/backup/encryption-check.ts";
import { newIdentity, parseIdentities } from "../../src/backup/encryption-keys.ts";
import { bytesOf, contentOf } from "../../src/stores/content.ts";
import { need } from "../support/need.ts";

const run = promisify(execFile);
const age = process.env["APLOMO_LAB_AGE"] ?? "";
const MiB = 1024 * 1024;

describe("the age program", { skip: need(age !== "", "no age program: script/lab up stores") }, () => {
  const { identity, recipient } = newIdentity();
  let folder: string;
  const at = (name: string): string => join(folder, name);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "aplomo-age-"));
    await writeFile(at("key.txt"), `# the kit\n${identity.reveal()}\n`, { mode: 0o600 });
  });
  after(() => rm(folder, { recursive: true }));

  test("says of our identities what we say", async () => {
    assert.equal((await run(`${age}-keygen`, ["-y", at("key.txt")])).stdout.trim(), recipient);
  });

  for (const bytes of [0, 1, 65_535, 65_536, 65_537, 131_072, 3 * MiB + 7]) {
    test(`opens what we close, and we open what it closes: ${bytes} bytes`, async () => {
      await writeFile(at("plain"), randomBytes(bytes));
      const { sha256 } = await contentOf(bytesOf(at("plain")));
      await pipeline(
        createReadStream(at("plain")),
        newSeal([recipient, newIdentity().recipient]).close(),
        createWriteStream(at("ours.age")),
      );
      // To its standard output: it makes no file when there is nothing in it.
      const { stdout } = await run(age, ["-d", "-i", at("key.txt"), at("ours.age")], { encoding: "buffer", maxBuffer: 8 * MiB });
      assert.equal(createHash("sha256").update(stdout).digest("hex"), sha256);
      await run(age, ["-r", newIdentity().recipient, "-r", recipient, "-o", at("theirs.age"), at("plain")]);
      await pipeline(createReadStream(at("theirs.age")), openWith(parseIdentities(identity)), createWriteStream(at("back")));
      assert.equal((await contentOf(bytesOf(at("back")))).sha256, sha256);
    });
  }

  test("shows the code of the key check", async () => {
    const [check] = await checkKeys(at("backups"), [recipient], new Date());
    const { stdout } = await run(age, ["-d", "-i", at("key.txt"), check?.file ?? ""]);
    const code = /^Code: (\S+)$/m.exec(stdout)?.[1] ?? "";
    const [after] = await checkKeys(at("backups"), [recipient], new Date(), { code });
    assert.notEqual(after?.confirmedAt, null);
  });

  test("refuses what we refuse: a file cut off, one with a changed bit", async () => {
    await writeFile(at("plain"), randomBytes(200_000));
    await pipeline(createReadStream(at("plain")), newSeal([recipient]).close(), createWriteStream(at("ours.age")));
    const whole = readFileSync(at("ours.age"));
    const changed = Buffer.from(whole);
    changed[100_000] = (changed[100_000] ?? 0) ^ 1;
    for (const damaged of [whole.subarray(0, -1), whole.subarray(0, 184 + 65_552), changed]) {
      await writeFile(at("damaged.age"), damaged);
      await assert.rejects(run(age, ["-d", "-i", at("key.txt"), "-o", at("back"), at("damaged.age")]));
    }
  });

  test("opens 400 MB that stream through another process of ours with less than 130 MB of memory", async () => {
    const script = join(import.meta.dirname, "../support/encrypter.js");
    const block = randomBytes(4 * MiB);
    const child = spawn(process.execPath, [script, recipient], { stdio: ["pipe", "pipe", "pipe"] });
    const opening = spawn(age, ["-d", "-i", at("key.txt")], { stdio: ["pipe", "pipe", "inherit"] });
    child.stdout.pipe(opening.stdin);
    let report = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (report += text));
    const [wanted, found] = [createHash("sha256"), createHash("sha256")];
    const reading = (async () => {
      for await (const chunk of opening.stdout) found.update(chunk as Buffer);
    })();
    function* blocks(): Generator<Buffer> {
      for (let count = 0; count < 100; count += 1) {
        wanted.update(block);
        yield block;
      }
    }
    const ended = new Promise((resolve) => child.once("close", resolve));
    await pipeline(blocks, child.stdin);
    await Promise.all([reading, ended]);
    assert.equal(found.digest("hex"), wanted.digest("hex"));
    const { memory, cpu } = JSON.parse(report) as { memory: number; cpu: number };
    console.log(`encryption: ${Math.round(memory / 1e6)} MB of memory, ${cpu.toFixed(2)} s of processor time for 400 MiB`);
    assert.ok(memory < 130e6);
  });
});
