import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Look } from "../../src/agent/look.ts";
import { agentPaths, watchPaths } from "../../src/agent/paths.ts";
import { addApp } from "../../src/agent/registry.ts";
import { claimRun, endRun, outputOf, planRun, runId } from "../../src/agent/runs.ts";
import { appendSample } from "../../src/agent/sample.ts";
import { appPaths } from "../../src/deploy/paths.ts";
import { openJournal } from "../../src/deploy/journal.ts";

/** What a log may hold; no page may take it for markup. */
export const hostile = `<script>alert(1)</script><img src=x onerror=alert(1)>"'&`;

/** A home as an agent leaves it: an application with a release, deployments, a run, samples and a look. Nothing in it runs. */
export async function fillHome(home: string, app: string, now: Date): Promise<void> {
  const paths = agentPaths(home);
  const watch = watchPaths(paths, app);
  await addApp(paths, { app, config: join(home, `${app}.yml`), jobs }, now);
  await mkdir(watch.root, { recursive: true });
  for (let minutes = 30; minutes > 0; minutes -= 1) await appendSample(watch.samples, sampleOf(now, minutes, "r2"));
  await writeFile(watch.look, JSON.stringify(lookOf(home, app, now, "r2")));
  const id = runId("backup", new Date(now.getTime() - 3_600_000), 1);
  await planRun(watch.runs, id, { argv: ["backup", "run"], missed: 1 });
  await claimRun(join(watch.runs, id), now);
  await writeFile(outputOf(join(watch.runs, id)), `${JSON.stringify({ at: now.toISOString(), type: "warning", message: hostile })}\n`);
  await endRun(join(watch.runs, id), 0, now);
  await deployment(home, app, 1, now, true);
  await deployment(home, app, 2, now, false);
  for (const release of ["r1", "r2"]) await releaseRecord(home, app, release, now);
}

function sampleOf(now: Date, minutes: number, release: string): Look["sample"] {
  return {
    at: new Date(now.getTime() - minutes * 60_000).toISOString(),
    release,
    units: [{ name: "web-1", id: "a", restarts: 0, running: true, memory: 90e6 + minutes, limit: 300e6 }],
    asked: [{ what: "https://example.com", status: 200, ms: 20 + (minutes % 7) }],
    disks: [{ path: "/", free: 40e9, total: 80e9, inodesFree: 1e6 }],
    numbers: { "main.notes": 100 - minutes },
  };
}

const jobs = [{ name: "backup", cron: "30 2 * * *", zone: "UTC", argv: ["backup", "run"] }];

export function lookOf(home: string, app: string, now: Date, release: string): Look {
  return {
    version: 1,
    at: now.toISOString(),
    app,
    deep: true,
    jobs,
    every: 60_000,
    invariantsEvery: 3_600_000,
    told: true,
    backups: appPaths(home, app).backups,
    proven: now.toISOString(),
    releaseSince: now.toISOString(),
    running: null,
    units: [{ name: "web-1", service: "web", release, state: "running", health: "healthy", restarts: 0, startedAt: now.toISOString() }],
    sample: sampleOf(now, 0, release),
    signals: [{ key: "k", level: "warning", subject: "web-1", message: `it said ${hostile}`, next: "look", evidence: [] }],
  };
}

async function deployment(home: string, app: string, number: number, now: Date, good: boolean): Promise<void> {
  const folder = join(appPaths(home, app).deployments, `d${number}`);
  await mkdir(folder, { recursive: true });
  const journal = await openJournal(folder, () => now);
  const release = `r${number}`;
  journal.append({
    type: "deployment.started",
    deployment: `d${number}`,
    app,
    action: "deploy",
    release,
    previous: number > 1 ? `r${number - 1}` : null,
  });
  journal.append({ type: "step.started", step: "prove.health", phase: "prove", title: "wait until every unit is healthy" });
  if (good) journal.append({ type: "step.ended", step: "prove.health", durationMs: 1_200, evidence: { units: ["web-1"] } });
  else
    journal.append({
      type: "step.failed",
      step: "prove.health",
      durationMs: 900,
      failure: { message: "not healthy", hint: "see its log", evidence: { log: hostile } },
    });
  journal.append({
    type: "deployment.finished",
    deployment: `d${number}`,
    outcome: good ? "deployed" : "undone",
    release,
    previous: null,
    durationMs: 2_000,
    failedStep: good ? null : "prove.health",
    rowsLost: 0,
  });
  journal.close();
}

export async function releaseRecord(home: string, app: string, id: string, now: Date): Promise<void> {
  const folder = join(appPaths(home, app).releases, id);
  await mkdir(folder, { recursive: true });
  const record = {
    version: 1,
    id,
    app,
    kind: "pm2",
    createdAt: now.toISOString(),
    deployment: id.replace("r", "d"),
    author: "ana",
    commit: null,
    dirty: false,
    adopted: false,
    artifacts: { app: `hash-${id}` },
    environment: { SECRET_KEY: `print-${id}`, PORT: "same" },
    migrations: null,
  };
  await writeFile(join(folder, "release.json"), JSON.stringify(record));
}
