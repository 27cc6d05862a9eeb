import { dirname, join } from "node:path";
import type { Diagnosis, Finding } from "../doctor/diagnose.ts";
import type { Context } from "../host/context.ts";
import { makePrivateFolder, readIfPresent, writeFileSafely } from "../host/files.ts";
import { Remembered } from "../host/remembered.ts";
import { emptyLedger, markTold, note, untold, type Ledger, type Untold } from "./incidents.ts";
import type { Look } from "./look.ts";
import type { Message } from "./message.ts";
import type { WatchPaths } from "./paths.ts";
import type { Registered } from "./registry.ts";
import { runSignals } from "./run-signals.ts";
import { appendSample, forgetSamples, readSamples } from "./sample.ts";
import type { Signal } from "./signal.ts";
import type { Program } from "./start.ts";
import { incidentMessage, titleOf, verdictMessage } from "./tell.ts";
import { judge, probation } from "./verdict.ts";

const minute = 60_000;
const limit = 3 * minute;
/** Causes in one message. */
const mostCauses = 5;

/** Runs a command of Aplomo for an application to its end, in a process of its own, and gives the last event of its output. */
export type Ask = (app: Registered, argv: string[], input?: string) => Promise<Record<string, unknown> | undefined>;

export function askAsProcess(ctx: Context, program: Program): Ask {
  return async (app, argv, input) => {
    const { stdout } = await ctx.host.attempt(
      {
        argv: [...program, ...argv, "--config", app.config, "--json"],
        cwd: dirname(app.config),
        env: { APLOMO_HOME: ctx.home },
        timeout: limit,
        ...(input === undefined ? {} : { input }),
      },
      ctx.signal,
    );
    const line = stdout.split("\n").findLast((one) => /"type":"(result|error)"/.test(one));
    return line === undefined ? undefined : (JSON.parse(line) as Record<string, unknown>);
  };
}

/** What `doctor` said, and when it was asked: kept for the pages. */
export interface Diagnosed extends Diagnosis {
  at: string;
}

/** What is remembered of one application while the agent runs; whatever must last is on disk. */
interface Memory {
  next: number;
  /** Signals that only a close look can see, until the next one. */
  deep: { at: number; signals: Signal[] } | undefined;
  tellAgain: { at: number; times: number };
}

/** Looks at applications when it is time, keeps what it saw, and tells what changed. */
export class Watcher {
  readonly #ctx: Context;
  readonly #ask: Ask;
  readonly #memory = new Map<string, Memory>();

  constructor(ctx: Context, ask: Ask) {
    this.#ctx = ctx;
    this.#ask = ask;
  }

  isDue({ app }: Registered): boolean {
    return this.#ctx.now().getTime() >= (this.#memory.get(app)?.next ?? 0);
  }

  /** One look, and what follows from it. */
  async look(app: Registered, paths: WatchPaths): Promise<Look | undefined> {
    const started = this.#ctx.now().getTime();
    const memory = this.#memory.get(app.app) ?? { next: 0, deep: undefined, tellAgain: { at: 0, times: 0 } };
    this.#memory.set(app.app, memory);
    const before = readLook(paths);
    const every = before?.invariantsEvery ?? 60 * minute;
    // What is broken is asked sooner, so that its end is known.
    const wait = memory.deep?.signals.length ? Math.min(every, 5 * minute) : every;
    const deep = memory.deep === undefined || started - memory.deep.at >= wait;
    const answer = await this.#ask(app, ["agent", "look", ...(deep ? ["--deep"] : []), "--ping"]);
    const look = answer?.["type"] === "result" ? (answer["data"] as Look) : undefined;
    const now = this.#ctx.now();
    memory.next = started + (look ? pace(look, now) : (before?.every ?? minute));
    const signals = look ? look.signals : [blind(answer)];
    if (look && deep) memory.deep = { at: started, signals: signals.filter(isDeep) };
    const kept = deep ? [] : (memory.deep?.signals ?? []);
    const all = [...signals, ...kept, ...(await runSignals(paths, look?.jobs ?? app.jobs))];
    await makePrivateFolder(paths.root);
    if (look) {
      await appendSample(paths.samples, look.sample);
      await forgetSamples(paths.samples, now);
      await writeFileSafely(paths.look, JSON.stringify({ ...look, signals: all }));
    }
    await this.#tell(
      app,
      paths,
      note(readLedger(paths), all, now, 3 * (look ?? before ?? { every: minute }).every),
      memory,
      look ?? before,
    );
    if (look) await this.#conclude(app, paths, look, now);
    return look;
  }

  async #tell(app: Registered, paths: WatchPaths, ledger: Ledger, memory: Memory, look: Look | undefined): Promise<void> {
    let after = ledger;
    await writeFileSafely(paths.incidents, JSON.stringify(after));
    if (this.#ctx.now().getTime() < memory.tellAgain.at) return;
    for (const one of untold(after)) {
      this.#ctx.emit({ type: "progress", subject: app.app, message: titleOf(app.app, one) });
      const causes = await this.#causes(app, paths, one);
      if (look?.told !== false && !(await this.#send(app, incidentMessage(app.app, one, causes, this.#ctx.now())))) {
        const times = memory.tellAgain.times + 1;
        memory.tellAgain = { at: this.#ctx.now().getTime() + Math.min(2 ** times, 30) * minute, times };
        return;
      }
      memory.tellAgain = { at: 0, times: 0 };
      after = markTold(after, one.incident.id, one.kind, this.#ctx.now());
      await writeFileSafely(paths.incidents, JSON.stringify(after));
    }
  }

  /** What `doctor` finds behind an error: the look says that something is wrong, it says why. */
  async #causes(app: Registered, paths: WatchPaths, { incident, kind }: Untold): Promise<Finding[]> {
    if (kind === "over" || !incident.troubles.some(({ level }) => level === "error")) return [];
    const answer = await this.#ask(app, ["doctor"]);
    const found = answer?.["type"] === "result" ? (answer["data"] as Omit<Diagnosed, "at">) : undefined;
    const { findings = [] } = found ?? {};
    if (found) await writeFileSafely(paths.diagnosis, JSON.stringify({ ...found, at: this.#ctx.now().toISOString() } satisfies Diagnosed));
    return findings.filter(({ level }) => level === "error").slice(0, mostCauses);
  }

  /** True when anybody took it: one that is down must not make the others hear it again. */
  async #send(app: Registered, message: Message): Promise<boolean> {
    const answer = await this.#ask(app, ["notify", "send"], JSON.stringify(message));
    const told = (answer?.["data"] as { told?: { channel: string; problem: string | null }[] } | undefined)?.told ?? [];
    for (const { channel, problem } of told)
      if (problem !== null) this.#ctx.emit({ type: "warning", message: `${channel} did not take "${message.title}": ${problem}` });
    return told.some(({ problem }) => problem === null);
  }

  /** After its first 24 hours a release gets its verdict, once. */
  async #conclude(app: Registered, paths: WatchPaths, look: Look, now: Date): Promise<void> {
    const { release } = look.sample;
    const since = Date.parse(look.releaseSince ?? "");
    if (release === null || !(now.getTime() - since >= probation) || now.getTime() - since > 2 * probation) return;
    const file = join(paths.verdicts, `${release}-${since}.json`);
    if ((await readIfPresent(file)) !== undefined) return;
    const samples = await readSamples(paths.samples, new Date(since - probation), now);
    const from = new Date(since).toISOString();
    const verdict = judge(
      release,
      samples.filter(({ at }) => at >= from),
      samples.filter(({ at }) => at < from),
    );
    if (!verdict) return;
    await makePrivateFolder(paths.verdicts);
    await writeFileSafely(file, JSON.stringify(verdict));
    await this.#send(app, verdictMessage(app.app, verdict, now));
  }
}

/** Four times as often while a release is new. */
function pace({ every, releaseSince }: Look, now: Date): number {
  return releaseSince !== null && now.getTime() - Date.parse(releaseSince) < probation ? every / 4 : every;
}

function isDeep({ key }: Signal): boolean {
  return /^(invariant|drift):/.test(key);
}

/** The look itself failed: aplomo.yml cannot be read, or Aplomo has a defect. */
function blind(answer: Record<string, unknown> | undefined): Signal {
  const message = typeof answer?.["message"] === "string" ? answer["message"] : "the look ended without a word";
  const next = typeof answer?.["hint"] === "string" ? answer["hint"] : "`aplomo agent look` in its folder shows why.";
  return { key: "blind", level: "error", subject: "the agent", message: `it cannot look: ${message}`, next, evidence: [] };
}

const looks = new Remembered((text) => JSON.parse(text) as Look);
const ledgers = new Remembered((text) => JSON.parse(text) as Ledger);

export function readLook(paths: WatchPaths): Look | undefined {
  return looks.get(paths.look);
}

export function readLedger(paths: WatchPaths): Ledger {
  return ledgers.get(paths.incidents) ?? emptyLedger;
}
