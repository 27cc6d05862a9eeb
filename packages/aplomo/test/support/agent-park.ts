import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Event } from "../../src/base/events.ts";
import type { Incident, Ledger, Trouble } from "../../src/agent/incidents.ts";
import { agentPaths, watchPaths } from "../../src/agent/paths.ts";
import { claimRun, endRun, outputOf, planRun, runId } from "../../src/agent/runs.ts";
import type { Sample } from "../../src/agent/sample.ts";
import type { Verdict } from "../../src/agent/verdict.ts";
import { journalFile } from "../../src/deploy/journal.ts";
import { appPaths } from "../../src/deploy/paths.ts";
import { fillHome, lookOf, releaseRecord } from "./agent-home.ts";
import { makeBackup } from "./sample-backups.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

/** A server with many applications and a long history, in the formats that the agent and the deploys write. Nothing of it runs. */
export async function fillPark(home: string, size: { apps: number; deployments: number; runs: number }, now: Date): Promise<string[]> {
  const names = Array.from({ length: size.apps }, (_, index) => `app-${String(index + 1).padStart(2, "0")}`);
  for (const [index, app] of names.entries()) {
    await fillHome(home, app, now);
    const count = Math.floor(size.deployments / size.apps);
    for (let number = 1; number <= count; number += 1)
      await writeDeployment(
        home,
        app,
        number,
        new Date(now.getTime() - (count - number) * 6 * 60 * minute - minute),
        number % 9 === index % 9,
      );
    const { runs } = watchPaths(agentPaths(home), app);
    for (let number = 0; number < size.runs; number += 1) await writeRun(runs, "backup", new Date(now.getTime() - (number + 2) * day), 0);
  }
  return names;
}

/** The text of a journal, as `openJournal` writes it. */
export async function writeDeployment(home: string, app: string, number: number, begun: Date, fails: boolean): Promise<void> {
  const folder = join(appPaths(home, app).deployments, `d${number}`);
  await mkdir(folder, { recursive: true });
  let at = begun.getTime();
  const lines = eventsOf(app, number, fails).map((event, seq) => {
    if (event.type !== "step.started") at += "durationMs" in event && event.type !== "deployment.finished" ? event.durationMs : 5;
    return JSON.stringify({ seq, at: new Date(at).toISOString(), ...event });
  });
  await writeFile(journalFile(folder), `${lines.join("\n")}\n`);
}

function eventsOf(app: string, number: number, fails: boolean): Event[] {
  const [release, previous] = [`r${number}`, number === 1 ? null : `r${number - 1}`];
  const step = (
    id: string,
    phase: "prepare" | "protect" | "rehearse" | "change" | "switch" | "prove" | "keep",
    title: string,
    durationMs: number,
    evidence: Record<string, never> | object = {},
  ): Event[] => [
    { type: "step.started", step: id, phase, title },
    { type: "step.ended", step: id, durationMs, evidence: evidence as Record<string, never> },
  ];
  const rows = { appointments: 18_204 + number * 7, patients: 4_100 + number, invoices: 9_050 + number * 3 };
  const rehearsal = {
    verdict: "compatible",
    way: "live",
    locks: [
      {
        table: "public.appointments",
        mode: "AccessExclusiveLock",
        statement: "ALTER TABLE appointments ADD COLUMN channel text NOT NULL DEFAULT 'web'",
        ms: 42,
      },
      { table: "public.patients", mode: "ShareRowExclusiveLock", statement: "CREATE INDEX patients_name ON patients (name)", ms: 310 },
    ],
    restoredMs: 2_810,
    changedMs: 640,
    rows: { main: ["sessions: 812 -> 790", "channels: new, 4 rows"] },
    schema: { main: ["table appointments: changed", "table channels: new", "index patients_name: new"] },
    newRelease: "works on the copy",
    currentRelease: "works on the migrated copy",
  };
  const health: Event[] = fails
    ? [
        { type: "step.started", step: "prove.health", phase: "prove", title: "wait until every unit and the public address are healthy" },
        {
          type: "step.failed",
          step: "prove.health",
          durationMs: 30_200,
          failure: {
            message: `unit ${app}-web-${release}-1 is not healthy after 30 s: it answers 503`,
            hint: "see what it says in its log; `aplomo logs` shows the rest",
            evidence: {
              unit: `${app}-web-${release}-1`,
              log: "starting\nconnecting to redis://cache:6379\nError: connect ECONNREFUSED 172.18.0.4:6379\n    at TCPConnectWrap.afterConnect (node:net:1611:16)",
            },
            causes: [
              {
                rule: "refused-connection",
                subject: `${app}-web-${release}-1`,
                message: "it cannot reach cache:6379, which nothing listens at",
                evidence: ["Error: connect ECONNREFUSED 172.18.0.4:6379"],
                next: "Start the service `cache`, or correct REDIS_URL: `aplomo env check` shows where it comes from.",
              },
            ],
          },
        },
        { type: "undo.started", step: "switch.units", title: `stop ${release}, and let ${previous ?? "nothing"} go on` },
        { type: "undo.ended", step: "switch.units", durationMs: 2_400, evidence: {} },
      ]
    : [
        ...step("prove.health", "prove", "wait until every unit and the public address are healthy", 1_240, {
          healthyAfterMs: 1_198,
          units: [`${app}-web-${release}-1`],
          public: "https://example.com",
        }),
        ...step("prove.smoke", "prove", "try /, /api/practitioners", 84, { answers: [200, 200] }),
        ...step("prove.stability", "prove", "watch the release for 30 s: same units, no restart, no exit", 30_010, {
          watchedMs: 30_000,
          restarts: 0,
        }),
        ...step("keep.current", "keep", `record ${release} as the release in front`, 3, { current: release }),
      ];
  return [
    { type: "deployment.started", deployment: `d${number}`, app, action: "deploy", release, previous },
    ...step("prepare.environment", "prepare", "check the environment against its contract", 4, { variables: 14, required: 9 }),
    ...step("prepare.target", "prepare", "check the engine, compose and the edge", 180, { runtime: "Docker 27.1" }),
    ...step("prepare.stage", "prepare", `make release ${release}`, 1_700, {
      files: 212,
      folder: `releases/${release}`,
      artifacts: { web: `sha256:${"ab12cd34".repeat(8)}` },
    }),
    ...step("protect.backup.main", "protect", "back up database main, counted inside the same snapshot", 3_400, {
      backup: `${app}_deploy`,
      rows,
      sha256: "e3b0c442".repeat(8),
    }),
    ...step(
      "rehearse.release",
      "rehearse",
      `rehearse on a restored copy: change the data there, boot ${release}, then ${previous ?? "nothing"} again`,
      9_800,
      rehearsal,
    ),
    ...step("change.migrate", "change", "migrate the data: node migrate.js", 720, { exitCode: 0, output: "1 migration was run" }),
    ...step("change.invariants", "change", "check that the data's invariants hold", 30, { main: { appointments: rows.appointments } }),
    ...step("switch.units", "switch", `start ${release} beside ${previous ?? "nothing"}, point to it, drain`, 6_400, { drainedMs: 1_020 }),
    ...health,
    {
      type: "deployment.finished",
      deployment: `d${number}`,
      outcome: fails ? "undone" : "deployed",
      release,
      previous,
      durationMs: fails ? 56_000 : 54_000,
      failedStep: fails ? "prove.health" : null,
      rowsLost: 0,
    },
  ];
}

async function writeRun(runs: string, job: string, at: Date, exitCode: number): Promise<string> {
  const id = runId(job, at, 1);
  await planRun(runs, id, { argv: ["backup", "run", "--wait", "1h"], missed: 0 });
  const folder = join(runs, id);
  await claimRun(folder, at);
  await endRun(folder, exitCode, new Date(at.getTime() + 4_000));
  return folder;
}

/** One application with everything a page can show: a month of measurements and backups, incidents, verdicts, a diagnosis. */
export async function fillShowpiece(home: string, app: string, now: Date): Promise<void> {
  await fillHome(home, app, now);
  const [paths, watch] = [appPaths(home, app), watchPaths(agentPaths(home), app)];
  for (let number = 1; number <= 24; number += 1) {
    await writeDeployment(
      home,
      app,
      number,
      new Date(now.getTime() - (24 - number) * 29 * 60 * minute - 2 * minute),
      number === 19 || number === 23,
    );
    if (number > 20 && number !== 23)
      await releaseRecord(home, app, `r${number}`, new Date(now.getTime() - (24 - number) * 29 * 60 * minute));
  }
  await symlink("releases/r24", paths.current);
  await mkdir(watch.samples, { recursive: true });
  for (let back = 31; back >= 0; back -= 1) await writeSamples(watch.samples, new Date(now.getTime() - back * day), now);
  for (let back = 40; back >= 0; back -= 1) {
    if (back === 12) continue;
    const at = new Date(Math.floor(now.getTime() / day) * day - back * day + 150 * minute);
    if (at > now) continue;
    const rows = {
      appointments: 18_000 + (40 - back) * 31,
      patients: 4_100 + (40 - back) * 3,
      invoices: 9_000 + (40 - back) * 17,
      sessions: 700 + ((back * 37) % 120),
    };
    await makeBackup(paths.backups, at, {
      bytes: 310_000 + (40 - back) * 2_700,
      rows,
      proof: back === 20 ? false : back === 33 ? null : true,
    });
  }
  const ago = (minutes: number): string => new Date(now.getTime() - minutes * minute).toISOString();
  const trouble = (key: string, level: "error" | "warning", subject: string, message: string, next: string, since: number): Trouble => ({
    key,
    level,
    subject,
    message,
    next,
    evidence: [],
    since: ago(since),
    last: ago(1),
  });
  const incidents: Incident[] = [
    {
      id: "i3",
      openedAt: ago(17),
      overAt: null,
      told: { problem: ago(17), over: null },
      troubles: [
        trouble(
          "health:https://example.com",
          "error",
          "https://agenda.example.com/a-rather-long-path/healthz",
          "not reached as the public reaches it: it answers 502",
          "The units answer when asked directly: look at what stands in front, at names and at firewalls.",
          17,
        ),
        trouble(
          "memory:web",
          "warning",
          `${app}-web-r24-1`,
          "its memory grows and reaches its limit in about 6 h: 241 MB of 300 MB now",
          "Look for what it keeps: caches without a limit, listeners that are never removed.",
          12,
        ),
      ],
    },
    {
      id: "i2",
      openedAt: ago(4_000),
      overAt: ago(3_930),
      told: { problem: ago(3_999), over: ago(3_929) },
      troubles: [
        trouble(
          "unit:worker",
          "error",
          `${app}-worker-r22-1`,
          "it is restarting and was begun anew 4 times, its last exit code was 0",
          "`aplomo logs` shows its last lines.",
          4_000,
        ),
      ],
    },
  ];
  const look = lookOf(home, app, now, "r24");
  const units = ["web", "worker"].map((service) => ({
    ...look.units[0]!,
    name: `${app}-${service}-r24-1`,
    service,
    release: "r24",
    restarts: service === "web" ? 0 : 4,
    startedAt: ago(3 * 1_440),
  }));
  const seen = {
    ...look,
    proven: new Date(Math.floor(now.getTime() / day) * day - (now.getTime() % day < 150 * minute ? day : 0) + 150 * minute).toISOString(),
    releaseSince: ago(3 * 1_440),
    units,
    signals: incidents[0]?.troubles ?? [],
  };
  await writeFile(watch.look, JSON.stringify(seen));
  const ledger: Ledger = { version: 1, pending: {}, incidents, count: 3 };
  await writeFile(watch.incidents, JSON.stringify(ledger));
  await mkdir(watch.verdicts, { recursive: true });
  const verdict = (release: string, good: boolean, until: number): Verdict => ({
    version: 1,
    release,
    since: ago(until + 1_440),
    until: ago(until),
    good,
    troubles: good ? [] : ["units were begun anew 4 times", "memory grew from 120 to 241 MB"],
    looks: 5_760,
    failed: { times: good ? 0 : 12, of: 11_520 },
    restarts: good ? 0 : 4,
    memory: { first: 118e6, last: good ? 121e6 : 241e6 },
    p95: { before: 31, after: 34 },
  });
  await writeFile(join(watch.verdicts, "r21-1.json"), JSON.stringify(verdict("r21", true, 4_500)));
  await writeFile(join(watch.verdicts, "r22-2.json"), JSON.stringify(verdict("r22", false, 2_500)));
  const folder = await writeRun(watch.runs, "doctor", new Date(now.getTime() - 9 * minute), 1);
  await writeFile(
    outputOf(folder),
    `${JSON.stringify({ seq: 1, at: ago(8), type: "result", command: "doctor", data: { app, ...diagnosis(app) } })}\n`,
  );
}

function diagnosis(app: string): object {
  return {
    asked: 69,
    unseen: [
      {
        part: "edge",
        message: "its administration does not answer at 127.0.0.1:2019",
        hint: "See whether it runs: `systemctl status caddy`.",
      },
    ],
    findings: [
      {
        rule: "edge-elsewhere",
        level: "error",
        subject: "agenda.example.com",
        message: "what stands in front points at 127.0.0.1:20417, where nothing listens; the unit of r24 listens at 127.0.0.1:20433",
        evidence: ["upstream: 127.0.0.1:20417", `${app}-web-r24-1: 127.0.0.1:20433`],
        next: "`aplomo recover` points it where it should.",
      },
      {
        rule: "memory-limit",
        level: "warning",
        subject: `${app}-web-r24-1`,
        message: "it uses 241 MB of the 300 MB it may",
        evidence: ["memory 241 MB, limit 300 MB"],
        next: "Raise `mem_limit`, or find what grows: the Trends page shows since when.",
      },
    ],
  };
}

/** A day's file, a look every two minutes. */
async function writeSamples(folder: string, of: Date, now: Date): Promise<void> {
  const begin = Math.floor(of.getTime() / day) * day;
  const lines: string[] = [];
  for (let at = begin; at < begin + day && at < now.getTime(); at += 2 * minute) {
    const hours = (at / (60 * minute)) % 24;
    const busy = 1 + Math.sin(((hours - 7) / 24) * 2 * Math.PI);
    const age = (now.getTime() - at) / day;
    const noise = Math.abs(Math.sin(at / 1e5)) * 9;
    // The machine was off for half a night.
    if (age > 5.2 && age < 5.5) continue;
    const down = age < 17 / 1_440;
    const sample: Sample = {
      at: new Date(at).toISOString(),
      release: age > 3 ? "r22" : "r24",
      units: [
        {
          name: `${app(age)}-web-1`,
          service: "web",
          id: "a",
          restarts: 0,
          running: true,
          memory: 110e6 + (age < 3 ? (3 - age) * 43e6 : 8e6 * busy),
          limit: 300e6,
        },
        {
          name: `${app(age)}-worker-1`,
          service: "worker",
          id: "b",
          restarts: age > 2.7 ? 0 : 4,
          running: true,
          memory: 70e6 + noise * 1e6,
          limit: 200e6,
        },
      ],
      asked: [
        { what: "web-1", service: "web", status: 200, ms: Math.round(9 + 12 * busy + noise) },
        {
          what: "https://agenda.example.com/a-rather-long-path/healthz",
          status: down ? 502 : 200,
          ms: Math.round(38 + 20 * busy + noise * 2),
        },
      ],
      disks: [{ path: "/", free: 40e9, total: 80e9, inodesFree: 1e6 }],
      ...(at % (60 * minute) === 0
        ? { numbers: { "main.appointments": Math.round(18_000 + (31 - age) * 33), "main.patients": Math.round(4_100 + (31 - age) * 3) } }
        : {}),
    };
    lines.push(JSON.stringify(sample));
  }
  await writeFile(join(folder, `${new Date(begin).toISOString().slice(0, 10)}.jsonl`), `${lines.join("\n")}\n`);
}

function app(age: number): string {
  return age > 3 ? "agenda-r22" : "agenda-r24";
}
