import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { local } from "../../src/host/local.ts";
import { putAgain } from "../../src/stores/again.ts";
import { bytesOf, contentOf } from "../../src/stores/content.ts";
import { StoreError, type Content, type Problem, type Put, type Store } from "../../src/stores/contract.ts";
import { get } from "../../src/stores/get.ts";
import { openStore } from "../../src/stores/index.ts";
import type { StoreSettings } from "../../src/stores/settings.ts";
import type { Cutter } from "../support/cutter.ts";
import { seeded } from "../support/random.ts";

/** What a driver's test gives the suite. `storeSuite(harness)` is its whole test file. */
export interface StoreHarness {
  kind: string;
  skip?: string | undefined;
  make(): Promise<Rig>;
}

/** One place under test. */
export interface Rig {
  settings: StoreSettings;
  /** The secret key, which goes to other processes in their environment. */
  secret?: string;
  /** The same place over a line that can be cut; undefined where there is no line. */
  line?: { cutter: Cutter; settings: StoreSettings };
  /** Settings with which the place lets nobody in, and a word its refusal holds. */
  wrong: { settings: StoreSettings; word: RegExp };
  /** The server dies and comes back; undefined where there is none. */
  server?: { kill(): Promise<void>; start(): Promise<void> };
  /** From now on the next copy of this content under this name comes out wrong, once. */
  spoil(name: string, content: Content): Promise<void>;
  /** Settings of another such place on a disk that is nearly full, with less than 24 MiB free; undefined where that cannot be had. */
  full(): Promise<StoreSettings | undefined>;
  close(): Promise<void>;
}

interface Sample extends Content {
  file: string;
}

const MiB = 1024 * 1024;
const full = process.env["APLOMO_TEST_FULL"] === "1";
const quick = { attempts: 3, pause: 20 };
const day = 24 * 60 * 60 * 1_000;

/** What every store must do, wherever it is. */
export function storeSuite(harness: StoreHarness): void {
  describe(`store ${harness.kind}`, { skip: harness.skip ?? false }, () => {
    let rig: Rig;
    let folder: string;
    let store: Store;
    const opened: Store[] = [];
    let large: Sample;
    let count = 0;
    const { signal } = new AbortController();
    const name = (): string => `app/main/daily/file-${(count += 1)}.zst`;

    async function open(settings: StoreSettings, its = signal): Promise<Store> {
      const one = await openStore({ host: local, emit: () => {}, signal: its, home: folder, now: () => new Date() }, settings);
      opened.push(one);
      return one;
    }

    async function sample(bytes: number): Promise<Sample> {
      const file = join(folder, `sample-${(count += 1)}`);
      await writeFile(file, randomBytes(bytes));
      return { file, ...(await contentOf(bytesOf(file))) };
    }

    const put = (to: Store, { file, ...content }: Sample, as: string): Promise<Put> => putAgain(signal, to, file, as, content, quick);

    async function assertHolds(as: string, wanted: Sample, from = store): Promise<void> {
      const path = join(folder, "back");
      await get(signal, from, as, path, wanted, quick);
      assert.deepEqual(await contentOf(bytesOf(path)), { sha256: wanted.sha256, bytes: wanted.bytes });
    }

    /** Under its final name there is nothing, or all of it. */
    async function assertNeverHalf(as: string, wanted: Sample): Promise<void> {
      const found = await store.stat(as);
      if (found) await assertHolds(as, wanted);
      else assert.ok(!(await store.list("app/main/daily")).some((entry) => entry.name === as));
    }

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "aplomo-store-"));
      rig = await harness.make();
      store = await open(rig.settings);
      large = await sample(20 * MiB + 12_345);
    });
    after(async () => {
      for (const one of opened) await one.close();
      await rig?.close();
      await rm(folder, { recursive: true, force: true });
    });

    test("says what it is", async () => {
      assert.ok(Object.keys(await store.check()).length > 1);
    });

    test("keeps files of every size, lists, reads and removes them", async () => {
      for (const bytes of [1, 1_000, 32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1, 8 * MiB, 8 * MiB + 1]) {
        const one = await sample(bytes);
        const as = `app/sizes/daily/${bytes}.zst`;
        assert.deepEqual(await put(store, one, as), { resumed: 0 });
        const entry = await store.stat(as);
        assert.equal(entry?.bytes, bytes);
        assert.ok(Math.abs(Date.now() - (entry?.modifiedAt.getTime() ?? 0)) < day);
        await assertHolds(as, one);
      }
      const names = (await store.list("app/sizes/daily")).map((entry) => `${entry.name} ${entry.bytes}`).sort();
      assert.equal(names.length, 7);
      assert.ok(names.includes("app/sizes/daily/32768.zst 32768"));
      assert.deepEqual(await store.list("app/sizes"), []);
      await store.remove("app/sizes/daily/1.zst");
      await store.remove("app/sizes/daily/1.zst");
      assert.equal(await store.stat("app/sizes/daily/1.zst"), undefined);
      assert.equal((await store.list("app/sizes/daily")).length, 6);
    });

    test("a store without a single file is empty, not broken", async () => {
      assert.deepEqual(await store.list("nothing/here"), []);
      assert.equal(await store.stat("nothing/here/file"), undefined);
      await store.remove("nothing/here/file");
      assert.equal(await store.sweep("nothing", new Date()), 0);
      await assert.rejects(drain(store.read("nothing/here/file")), isProblem("missing"));
    });

    test("reads from an offset", async () => {
      const one = await sample(100_000);
      const as = name();
      await put(store, one, as);
      const whole = await readFile(one.file);
      for (const from of [0, 1, 32_768, 99_999]) assert.deepEqual(await drain(store.read(as, from)), whole.subarray(from));
    });

    test("sends nothing that is there already, and replaces other content", async () => {
      const as = name();
      await put(store, large, as);
      assert.deepEqual(await put(store, large, as), { resumed: large.bytes });
      const other = await sample(large.bytes);
      await put(store, other, as);
      await assertHolds(as, other);
      const smaller = await sample(1_000);
      await put(store, smaller, as);
      await assertHolds(as, smaller);
    });

    test("takes odd names, and keeps them apart", async () => {
      const odd = ["a b", "año ✓", 'it\'s "so"', "[x]*?", "-rf", "$(id)`id`;&|<>", "a+b%20c=d#e", "~", "b".repeat(190), ".hidden"];
      const samples = await Promise.all(odd.map((_, index) => sample(1_000 + index)));
      for (const [index, one] of samples.entries()) await put(store, one, `app/${odd[0]}/odd/${odd[index]}`);
      const listed = (await store.list(`app/${odd[0]}/odd`)).map((entry) => `${entry.name} ${entry.bytes}`);
      assert.deepEqual(listed.sort(), odd.map((one, index) => `app/${odd[0]}/odd/${one} ${1_000 + index}`).sort());
      for (const [index, one] of samples.entries()) await assertHolds(`app/${odd[0]}/odd/${odd[index]}`, one);
      for (const one of odd) await store.remove(`app/${odd[0]}/odd/${one}`);
      assert.deepEqual(await store.list(`app/${odd[0]}/odd`), []);
    });

    test("refuses names that lead elsewhere, empty files, and files of another size", async () => {
      const one = await sample(100);
      for (const bad of ["", "/etc/passwd", "../up", "a/../../b", "a//b", "a/.", "a\nb", "a\\b", "c".repeat(201)])
        await assert.rejects(put(store, one, bad), isProblem("refused"), JSON.stringify(bad));
      await assert.rejects(put(store, await sample(0), name()), isProblem("refused"));
      await assert.rejects(put(store, { ...one, bytes: 99 }, name()), isProblem("refused"));
    });

    test("a copy that comes out wrong is found by reading it back, has no name, and is made again", async () => {
      const as = name();
      const via = rig.line ? await open(rig.line.settings) : store;
      const { file, ...content } = large;
      await rig.spoil(as, content);
      await assert.rejects(via.put(file, as, content), isProblem("mismatch"));
      assert.equal(await store.stat(as), undefined);
      await rig.spoil(as, content);
      await put(via, large, as);
      await assertHolds(as, large);
    });

    test("a line that is cut at any point is taken up again, and never leaves half a file", async (t) => {
      if (!rig.line) return t.skip("there is no line");
      const { cutter, settings } = rig.line;
      const random = seeded(7);
      let resumed = 0;
      for (let round = 0; round < (full ? 30 : 10); round += 1) {
        const as = name();
        const via = await open(settings);
        cutter.cutAfter(Math.floor(random() * large.bytes * 1.02));
        const failed = await via.put(large.file, as, large).then(
          () => false,
          (error: unknown) => isProblem("unreachable")(error),
        );
        await assertNeverHalf(as, large);
        const result = await put(via, large, as);
        if (failed) resumed += Math.min(1, result.resumed);
        await assertHolds(as, large);
        await store.remove(as);
        await via.close();
      }
      assert.ok(resumed >= 4, `${resumed} went on where they were cut`);
    });

    test("goes on by itself through cut after cut, sending little twice", async (t) => {
      if (!rig.line) return t.skip("there is no line");
      const { cutter, settings } = rig.line;
      const via = await open(settings);
      const as = name();
      const start = cutter.sent();
      let cuts = 0;
      const timer = setInterval(() => {
        if (cuts < 5 && cutter.sent() - start > (cuts + 1) * 4 * MiB) cutter.cutAfter(0);
        else return;
        cuts += 1;
      }, 1);
      try {
        await putAgain(signal, via, large.file, as, large, { attempts: 8, pause: 10 });
      } finally {
        clearInterval(timer);
      }
      await assertHolds(as, large);
      const most = large.bytes * 1.1 + (cuts + 1) * (store.capabilities.resends + MiB);
      assert.ok(cutter.sent() - start < most, `${cutter.sent() - start} bytes for ${large.bytes}, ${cuts} cuts`);
    });

    test("bytes that are changed on the way do not arrive as a file", async (t) => {
      if (!rig.line) return t.skip("there is no line");
      const { cutter, settings } = rig.line;
      const via = await open(settings);
      const as = name();
      cutter.flipAfter(5 * MiB);
      await put(via, large, as);
      await assertHolds(as, large);
    });

    test("a download goes on where it was cut", async (t) => {
      if (!rig.line || !rig.server) return t.skip("there is no line");
      const as = name();
      await put(store, large, as);
      const via = await open(rig.line.settings);
      let done = 0;
      let cut = false;
      await get(signal, via, as, join(folder, "down"), large, {
        ...quick,
        progress: (bytes) => {
          done = bytes;
          if (cut || bytes < 10 * MiB) return;
          cut = true;
          rig.line?.cutter.cutNow();
        },
      });
      assert.ok(cut);
      assert.equal(done, large.bytes);
    });

    test("a process that is killed anywhere leaves no half file, and another goes on", async () => {
      const random = seeded(11);
      let resumed = 0;
      for (let round = 0; round < (full ? 12 : 4); round += 1) {
        const as = name();
        await writer(rig, folder, large, as, Math.floor((0.1 + 0.85 * random()) * large.bytes));
        await assertNeverHalf(as, large);
        resumed += Math.min(1, (await put(store, large, as)).resumed);
        await assertHolds(as, large);
      }
      assert.ok(resumed > 0, "none went on");
    });

    test("what a killed process left is swept when it is old, and nothing else is", async () => {
      const as = `app/swept/daily/x.zst`;
      await put(store, await sample(1_000), `app/swept/daily/kept.zst`);
      await writer(rig, folder, large, as, 9 * MiB);
      assert.equal(await store.sweep("app/swept", new Date(Date.now() - day)), 0);
      const swept = await store.sweep("app/swept", new Date(Date.now() + day));
      // A server may list uploads under way by their exact name only; it then clears them itself.
      assert.ok(swept <= 1);
      assert.equal((await store.list("app/swept/daily")).length, 1);
    });

    test("two that bring the same file at once both succeed", async () => {
      const as = name();
      const second = await open(rig.settings);
      await Promise.all([put(store, large, as), put(second, large, as)]);
      await assertHolds(as, large);
      await second.close();
    });

    test("of two that bring different files under one name, one is there, whole", async () => {
      const as = name();
      const other = await sample(large.bytes - 5_000);
      const second = await open(rig.settings);
      await Promise.allSettled([put(store, large, as), put(second, other, as)]);
      const found = await store.stat(as);
      if (found) await assertHolds(as, found.bytes === large.bytes ? large : other);
      await second.close();
      // Whatever happened, the next one wins.
      await put(store, large, as);
      await assertHolds(as, large);
    });

    test("a place that is down is told so, and works again when it is back", async (t) => {
      if (!rig.server) return t.skip("there is no server");
      const one = await sample(1_000);
      await put(store, one, name());
      await rig.server.kill();
      try {
        const calls = [
          () => put(store, one, name()),
          () => store.list("app"),
          () => store.check(),
          () => store.stat("app/x"),
          () => drain(store.read("app/x")),
        ];
        for (const call of calls) await assert.rejects(call(), isProblem("unreachable"));
      } finally {
        await rig.server.start();
      }
      const as = name();
      await put(store, one, as);
      await assertHolds(as, one);
    });

    test("wrong keys are told with a hint, at once and without the keys", async () => {
      const wrong = await open(rig.wrong.settings);
      const one = await sample(1_000);
      for (const call of [() => wrong.check(), () => put(wrong, one, name())])
        await assert.rejects(call(), (error: unknown) => {
          isProblem("refused")(error);
          const told = `${(error as StoreError).message} ${(error as StoreError).hint}`;
          assert.match(told, rig.wrong.word);
          assert.ok(!rig.secret || !told.includes(rig.secret));
          return true;
        });
    });

    test("a full disk there is told as that, keeps what was there, and takes files again when there is room", async (t) => {
      const settings = await rig.full();
      if (!settings) return t.skip("no small disk can be made here");
      const small = await open(settings);
      const one = await sample(3 * MiB);
      await put(small, one, "app/main/daily/one.zst");
      const huge = await sample(48 * MiB);
      await assert.rejects(put(small, huge, "app/main/daily/huge.zst"), isProblem("full"));
      assert.equal(await small.stat("app/main/daily/huge.zst"), undefined);
      await assertHolds("app/main/daily/one.zst", one, small);
      await small.sweep("app", new Date(Date.now() + day));
    });

    test("an interruption ends it at once and leaves no half file", async () => {
      const controller = new AbortController();
      const as = name();
      const one = await open(rig.settings, controller.signal);
      const reason = new Error("interrupted by the test");
      const work = putAgain(controller.signal, one, large.file, as, large, {
        ...quick,
        progress: (bytes) => void (bytes > 5 * MiB && controller.abort(reason)),
      });
      await assert.rejects(work, (error) => error === reason);
      await assertNeverHalf(as, large);
      await one.close();
    });

    test("200 MB need less than 130 MB of memory", async () => {
      const huge = await sample(200 * MiB);
      const { memory } = await writer(rig, folder, huge, "app/main/daily/huge.zst");
      assert.ok(memory < 130e6, `${Math.round(memory / 1e6)} MB`);
      await assertHolds("app/main/daily/huge.zst", huge);
      console.log(`${harness.kind}: ${Math.round(memory / 1e6)} MB of memory for a file of 200 MiB`);
      await store.remove("app/main/daily/huge.zst");
      await rm(huge.file);
    });
  });
}

/** Brings a file there in another process, which is killed when so many bytes are there. */
async function writer(
  rig: Rig,
  folder: string,
  { file, ...content }: Sample,
  name: string,
  killAt = Infinity,
): Promise<{ memory: number }> {
  const script = join(import.meta.dirname, "../support/store-writer.js");
  const env = { ...process.env, ...(rig.secret ? { STORE_SECRET_KEY: rig.secret } : {}) };
  const child = spawn(process.execPath, [script, JSON.stringify(rig.settings), folder, file, name, JSON.stringify(content)], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  let last: { bytes?: number; memory?: number } = {};
  for await (const line of createInterface({ input: child.stdout })) {
    last = JSON.parse(line) as typeof last;
    if ((last.bytes ?? 0) >= killAt) child.kill("SIGKILL");
  }
  const code = await ended;
  assert.equal(code, killAt === Infinity ? 0 : null);
  return { memory: last.memory ?? 0 };
}

async function drain(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function isProblem(problem: Problem): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof StoreError, String(error));
    assert.equal(error.problem, problem, error.message);
    return true;
  };
}
