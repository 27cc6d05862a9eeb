import { AplomoError, reason } from "../base/errors.ts";
import type { CauseNote, FailureNote, Json } from "../base/events.ts";
import { within } from "../base/time.ts";
import { listBackups } from "../backup/catalogue.ts";
import { policyOf } from "../backup/policy.ts";
import { diagnose, type Diagnosis } from "../doctor/diagnose.ts";
import { look } from "../doctor/look/look.ts";
import { unexamined } from "../doctor/look/units.ts";
import type { SeenDeployments, SeenUnit } from "../doctor/observed.ts";
import { rules } from "../doctor/rules/index.ts";
import { deadOwner, lockHolder } from "../host/lock.ts";
import type { Unit } from "../targets/contract.ts";
import type { Inside } from "../targets/rehearsal.ts";
import { isOf } from "../targets/kept.ts";
import { deploymentFolder, listDeployments, unfinishedDeployment } from "./deployments.ts";
import { healthPathOf, upstreamsOf } from "./edge.ts";
import { mask } from "./gates/gate.ts";
import { readJournal } from "./journal.ts";
import { rehearsalStep } from "./rehearsal/verdict.ts";
import { currentRelease, readRelease } from "./releases.ts";
import type { Session } from "./session.ts";
import type { Work } from "./step.ts";

/** Looks at the whole application, changes nothing, and tells every cause of trouble that shows. */
export async function diagnoseSession(session: Session): Promise<Diagnosis> {
  const { ctx, config, target, edge, databases, paths } = session;
  const release = await currentRelease(paths);
  const { artifacts = {}, kept = {} } = (release && (await readRelease(release))) ?? {};
  return diagnose(
    await look({
      ctx,
      config,
      target,
      edge,
      databases,
      policy: policyOf(config, paths),
      release,
      services: Object.keys(artifacts),
      kept,
      healthPath: (unit) => healthPathOf(config.settings, unit),
      upstreams: async () => (release ? upstreamsOf(target, release) : []),
      deployments: () => lookAtDeployments(session, release),
    }),
  );
}

async function lookAtDeployments(
  { paths, target }: Session,
  release: Awaited<ReturnType<typeof currentRelease>>,
): Promise<SeenDeployments> {
  const holder = await lockHolder(paths.lock);
  const left = holder ? undefined : await unfinishedDeployment(paths);
  const dead = await deadOwner(paths.lock);
  const [newest] = await listDeployments(paths);
  const [backup] = await listBackups(paths.backups);
  const moments = [newest && readJournal(deploymentFolder(paths, newest)).at(-1)?.at, backup?.manifest.createdAt];
  const step = left?.entries.findLast((entry) => entry.type === "step.started" || entry.type === "undo.started");
  const stuck = left?.entries.some((entry) => entry.type === "deployment.finished");
  return {
    running: holder ? `${holder.operation} since ${holder.since}` : null,
    unfinished: left ? { id: left.id, outcome: stuck ? "stuck" : "interrupted", step: step && "step" in step ? step.step : null } : null,
    deadOwner: dead ? { operation: dead.operation, pid: dead.pid, since: dead.since } : null,
    newest: Math.max(...moments.map((moment) => Date.parse(moment ?? "") || 0)) || null,
    incomplete: release
      ? await target.verify(release).then(
          () => null,
          (error: unknown) => ({ message: reason(error), hint: (error instanceof AplomoError && error.hint) || "Deploy again." }),
        )
      : null,
  };
}

/** Of what failed nothing is left but its evidence. */
const gone: Inside = { units: async () => [], logs: async () => "" };

/** A look back must not keep a release from being taken back. */
const limit = 3_000;

/**
 * What a failed step's evidence and the units of its release show of the cause, as long as they are there: undoing removes them. Symptoms are
 * left out, since the failure tells them itself. Never throws.
 */
export async function explain(work: Work, step: string, failure: FailureNote): Promise<CauseNote[]> {
  try {
    const { facts } = work;
    const target = step === rehearsalStep ? (work.target.rehearsal?.inside ?? gone) : work.target;
    const examined = await within(target.examine?.().catch(() => []) ?? Promise.resolve([]), limit, []);
    const { id } = facts.release;
    const { kept } = (await readRelease(facts.release)) ?? {};
    const own = examined.filter(({ unit }) => isOf(unit, { id, kept }));
    const units = await Promise.all(
      own.map(async ({ unit, ...rest }): Promise<SeenUnit> => {
        const log = await within(target.logs(unit, { tail: 100 }), limit, "");
        return {
          ...unit,
          ...rest,
          command: rest.command.map((word) => mask(work, word)),
          log: mask(work, log),
          differences: [],
          answer: null,
        };
      }),
    );
    const patient = failed(step, failure);
    const others = units.filter(({ name }) => name !== patient.name);
    const known = units.find(({ name }) => name === patient.name);
    // The evidence is of the moment of the failure: what the engine knows besides adds to it.
    const told: SeenUnit = known
      ? {
          ...known,
          exitCode: patient.exitCode ?? known.exitCode,
          state: patient.state === "failed" ? "failed" : known.state,
          log: `${known.log}\n${patient.log}`,
          answer: patient.answer,
        }
      : patient;
    const { findings } = diagnose(
      { app: facts.app, now: work.ctx.now().getTime(), release: facts.release.id, unseen: {}, units: [told, ...others] },
      rules.filter(({ weight }) => weight !== "symptom"),
    );
    return findings.map(({ rule, subject, message, evidence, next }) => ({ rule, subject, message, evidence, next }));
  } catch {
    return [];
  }
}

/** The unit that a failure is about, as its evidence has it; where it is about none, whoever spoke. */
function failed(step: string, { message, evidence = {} }: FailureNote): SeenUnit {
  const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
  const number = (value: Json | undefined): number | null => (typeof value === "number" ? value : null);
  // Nobody stops a unit that is being proven.
  const state = text(evidence["state"]).replace("stopped", "failed");
  const unit: Unit = {
    id: "",
    name: text(evidence["unit"]) || step,
    service: "",
    release: null,
    state: (state || "failed") as Unit["state"],
    health: null,
    startedAt: null,
    restarts: number(evidence["restarts"]) ?? 0,
    exitCode: number(evidence["exitCode"]),
    address: null,
  };
  const { unit: _unit, ...rest } = unexamined(unit);
  const log = [message, text(evidence["log"]), text(evidence["output"])].filter(Boolean).join("\n");
  return { ...unit, ...rest, log, differences: [], answer: { path: "", status: null, problem: message, said: "" } };
}
