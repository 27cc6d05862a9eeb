import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Event } from "../../../src/base/events.ts";
import { Secret } from "../../../src/base/secret.ts";
import {
  deploymentFolder,
  measuredSteps,
  nextNumber,
  readInputs,
  summarise,
  unfinishedDeployment,
  writeInputs,
} from "../../../src/deploy/deployments.ts";
import type { Finished } from "../../../src/deploy/execute.ts";
import { openJournal, readJournal } from "../../../src/deploy/journal.ts";
import { appPaths, releaseFolder, type AppPaths } from "../../../src/deploy/paths.ts";
import { recover } from "../../../src/deploy/pipeline.ts";
import { currentRelease, pointTo, unpoint } from "../../../src/deploy/releases.ts";
import { makePrivateFolder } from "../../../src/host/files.ts";
import { recordingHost } from "../../../src/host/recording.ts";
import { config, facts } from "./facts.ts";

let parent = "";
before(async () => void (parent = await mkdtemp(join(tmpdir(), "aplomo-recover-"))));
after(() => rm(parent, { recursive: true, force: true }));

const now = (): Date => new Date("2026-11-22T15:46:00.000Z");
const begin = (step: string): Event => ({ type: "step.started", step, phase: "keep", title: step });
const end = (step: string): Event => ({ type: "step.ended", step, durationMs: 5, evidence: {} });
const fail = (step: string): Event => ({ type: "step.failed", step, durationMs: 5, failure: { message: "no" } });
const started: Event = { type: "deployment.started", deployment: "d2", app: "agenda", action: "rollback", release: "r2", previous: null };
const finished = (outcome: Finished["outcome"]): Event => ({
  type: "deployment.finished",
  deployment: "d2",
  outcome,
  release: "r2",
  previous: null,
  durationMs: 1,
  failedStep: null,
  rowsLost: 0,
});

/** A deployment that a crash left with these lines, over a program list that is asked nothing. */
async function left(...events: Event[]): Promise<AppPaths> {
  const paths = appPaths(await mkdtemp(join(parent, "home-")), "agenda");
  await makePrivateFolder(releaseFolder(paths, "r2").path);
  const crashed = facts({ action: "rollback", previous: null, release: releaseFolder(paths, "r2") });
  const folder = await writeInputs(paths, config({ target: { kind: "pm2", script: "a.js", port: 3000 } }), crashed);
  const journal = await openJournal(folder, now);
  for (const event of events) journal.append(event);
  journal.close();
  return paths;
}

async function mended(paths: AppPaths): Promise<{ ended: Finished; events: Event[]; asked: number }> {
  const events: Event[] = [];
  const host = recordingHost(() => undefined);
  const ctx = {
    host,
    emit: (event: Event) => void events.push(event),
    signal: new AbortController().signal,
    home: dirname(dirname(paths.root)),
    now,
  };
  const unfinished = await unfinishedDeployment(paths);
  assert.ok(unfinished);
  return { ended: await recover(ctx, paths, unfinished), events, asked: host.commands.length };
}

describe("recovery", () => {
  it("undoes what came to nothing, says so first and last, and leaves nothing unfinished", async () => {
    const paths = await left(started, begin("prepare.target"));
    const { ended, events, asked } = await mended(paths);
    assert.deepEqual([ended.outcome, ended.failedStep, asked], ["refused", "prepare.target", 0]);
    assert.deepEqual(events[0], { type: "recovery.started", deployment: "d2", decision: "undo" });
    assert.deepEqual(events.at(-1), ended);
    assert.equal(await unfinishedDeployment(paths), undefined);
    const entries = readJournal(deploymentFolder(paths, "d2"));
    assert.deepEqual(
      entries.map((entry) => entry.seq),
      [0, 1, 2, 3],
    );
  });

  it("names the step that failed, not the one begun last", async () => {
    const { ended } = await mended(await left(started, begin("prepare.target"), fail("prepare.target"), begin("prepare.stage")));
    assert.equal(ended.failedStep, "prepare.target");
  });

  it("finishes behind the commit", async () => {
    const paths = await left(started, begin("keep.current"), end("keep.current"));
    const { ended, events } = await mended(paths);
    assert.deepEqual([ended.outcome, events[0]], ["deployed", { type: "recovery.started", deployment: "d2", decision: "finish" }]);
  });

  it("finishes when the link was set and only the journal missed it", async () => {
    const paths = await left(started, begin("keep.current"));
    await pointTo(paths, releaseFolder(paths, "r2"));
    assert.equal((await mended(paths)).ended.outcome, "deployed");
    assert.equal((await currentRelease(paths))?.id, "r2");
  });

  it("undoes when the link was not set yet", async () => {
    const paths = await left(started, begin("keep.current"));
    assert.equal((await mended(paths)).ended.outcome, "refused");
    assert.equal(await currentRelease(paths), null);
  });

  it("goes on undoing where undoing had begun, whatever the link says", async () => {
    const undoing: Event = { type: "undo.started", step: "keep.current", title: "" };
    const paths = await left(started, begin("keep.current"), fail("keep.current"), undoing);
    await pointTo(paths, releaseFolder(paths, "r2"));
    const { ended, events } = await mended(paths);
    assert.ok(events[0]?.type === "recovery.started" && events[0].decision === "undo");
    assert.equal(ended.failedStep, "keep.current");
    assert.equal(await currentRelease(paths), null);
    await unpoint(paths);
  });
});

describe("unfinishedDeployment", () => {
  it("is none before the first, and after a good end", async () => {
    assert.equal(await unfinishedDeployment(appPaths(join(parent, "none"), "agenda")), undefined);
    for (const outcome of ["deployed", "undone", "refused"] as const)
      assert.equal(await unfinishedDeployment(await left(started, finished(outcome))), undefined);
  });

  it("is none when the crash came before the first line", async () => assert.equal(await unfinishedDeployment(await left()), undefined));

  it("is one without an end, one that is stuck, and one that was taken up again", async () => {
    assert.equal((await unfinishedDeployment(await left(started)))?.id, "d2");
    assert.equal((await unfinishedDeployment(await left(started, finished("stuck"))))?.id, "d2");
    assert.equal(await unfinishedDeployment(await left(started, finished("stuck"), finished("undone"))), undefined);
  });
});

it("what a deployment was planned from comes back whole, secrets too, in a file nobody else can read", async () => {
  const paths = await left();
  const databases = { agenda: { engine: "postgres", url: "postgres://a:hunter2@h/d" } };
  const given = config({ databases, seed: { run: ["seed"], service: "web", env: { TOKEN: "hunter3" } } });
  const folder = await writeInputs(paths, given, facts());
  const inputs = await readInputs(paths, "d2");
  assert.ok(inputs?.settings.databases["agenda"]?.url instanceof Secret);
  assert.equal(inputs.settings.databases["agenda"].url.reveal(), "postgres://a:hunter2@h/d");
  assert.equal(inputs.settings.seed?.env["TOKEN"]?.reveal(), "hunter3");
  assert.deepEqual(inputs.facts, facts());
  assert.equal((await stat(join(folder, "inputs.json"))).mode & 0o777, 0o600);
  assert.match(await readFile(join(folder, "inputs.json"), "utf8"), /hunter2/);
  assert.equal(await readInputs(paths, "d9"), undefined);
});

it("numbers go on, durations are the newest ones, and a summary says how it went", async () => {
  const paths = await left({ ...started, previous: "r1" }, begin("switch.units"), end("switch.units"), finished("undone"));
  assert.equal(await nextNumber(paths), 3);
  assert.deepEqual(await measuredSteps(paths), { "switch.units": 5 });
  const summary = summarise("d2", readJournal(deploymentFolder(paths, "d2")));
  assert.deepEqual([summary?.id, summary?.action, summary?.outcome, summary?.durationMs], ["d2", "rollback", "undone", 1]);
  assert.equal(summarise("d2", []), undefined);
});
