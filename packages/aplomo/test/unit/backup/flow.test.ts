import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createGunzip, createGzip } from "node:zlib";
import { connect, type Flow, type Stage } from "../../../src/backup/flow.ts";
import { temporaryFolder, testContext } from "../../support/bench.ts";

const program = (...argv: [string, ...string[]]): Stage => ({ command: { argv } });
/** Programs made of Node, so that they are there on every machine. */
const node = (code: string): Stage => program(process.execPath, "-e", code);
const copy = node("process.stdin.pipe(process.stdout)");
const zip: Stage = { transform: () => createGzip() };
const unzip: Stage = { transform: () => createGunzip() };

describe("a flow", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const ctx = testContext("/nowhere");
  const data = randomBytes(3_000_000);
  before(async () => {
    folder = await temporaryFolder("flow");
    await writeFile(join(folder.path, "in"), data);
  });
  after(() => folder.remove());

  async function read(flow: Flow): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of flow.output ?? []) chunks.push(chunk as Buffer);
    await flow.ended;
    return Buffer.concat(chunks);
  }

  const shapes: Record<string, Stage[]> = {
    "one program": [copy],
    "two programs": [copy, copy],
    "a transformation": [zip, unzip],
    "a program, then transformations": [copy, zip, unzip],
    "transformations, then a program": [zip, unzip, copy],
    "both by turns": [copy, zip, copy, unzip, copy],
  };
  for (const [shape, stages] of Object.entries(shapes)) {
    it(`carries every byte through ${shape}, from a file to here and to a file`, async () => {
      const input = await open(join(folder.path, "in"));
      assert.ok((await read(connect(ctx, stages, input.fd, "node"))).equals(data));
      await input.close();
      const [from, to] = await Promise.all([open(join(folder.path, "in")), open(join(folder.path, "out"), "w")]);
      await connect(ctx, stages, from.fd, to.fd).ended;
      await Promise.all([from.close(), to.close()]);
      assert.ok((await readFile(join(folder.path, "out"))).equals(data));
    });
  }

  const failing: [string, Stage[], RegExp][] = [
    [
      "the first program",
      [node("process.stdout.write('x'.repeat(1e6), () => { console.error('no more'); process.exit(3) })"), copy],
      /exit code 3: no more/,
    ],
    [
      "the last program, and not the one that lost its reader",
      [node("setInterval(() => process.stdout.write('x'.repeat(1e5)), 1)"), node("process.exit(4)")],
      /exit code 4/,
    ],
    ["a program killed by a signal", [node("process.kill(process.pid, 'SIGKILL')"), copy], /ended by SIGKILL/],
    ["a program that is not there", [program("/no/such/program"), copy], /no\/such\/program/],
    ["a transformation", [node("process.stdout.write('this is no gzip')"), unzip], /header/],
    ["a transformation before a program", [node("process.stdout.write('this is no gzip')"), unzip, copy], /header/],
  ];
  for (const [what, stages, expected] of failing) {
    it(`tells the failure of ${what}`, async () => {
      const flow = connect(ctx, stages, null, "node");
      await assert.rejects(async () => {
        try {
          for await (const _ of flow.output ?? []);
        } finally {
          await flow.ended;
        }
      }, expected);
    });
  }

  it("ends everything when it is stopped", async () => {
    const endless = node("setInterval(() => process.stdout.write('x'), 10)");
    const flow = connect(ctx, [endless, copy, zip], null, "node");
    flow.output?.resume().on("error", () => {});
    flow.stop();
    await assert.rejects(flow.ended);
  });

  it("ends with Ctrl-C, and says so", async () => {
    const controller = new AbortController();
    const flow = connect(testContext("/nowhere", controller.signal), [node("setInterval(() => {}, 10)")], null, "ignore");
    controller.abort(new Error("interrupted"));
    await assert.rejects(flow.ended, /interrupted/);
  });
});
