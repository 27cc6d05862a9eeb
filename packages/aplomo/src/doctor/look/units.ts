import { AplomoError } from "../../base/errors.ts";
import { get } from "../../host/http.ts";
import type { Unit } from "../../targets/contract.ts";
import type { Examined } from "../../targets/examined.ts";
import { isOf } from "../../targets/kept.ts";
import { troubleOf, type SeenUnit } from "../observed.ts";
import { maskFor, type Patient } from "./patient.ts";

const checkLimit = 5_000;

/** The application's units and database services; those of other releases, kept and stopped, are nobody's concern. */
export async function lookAtUnits(patient: Patient): Promise<SeenUnit[]> {
  const { target, release, kept } = patient;
  const found = target.examine ? await target.examine() : (await target.units()).map((unit) => unexamined(unit));
  // What the release in front has kept is a unit of it as any other.
  const all = found.map((one) =>
    release && isOf(one.unit, { id: release.id, kept }) ? { ...one, unit: { ...one.unit, release: release.id } } : one,
  );
  const concerned = all.filter(({ unit }) => unit.state !== "stopped" || unit.release === null || unit.release === release?.id);
  return Promise.all(concerned.map((one) => lookAtUnit(patient, one)));
}

async function lookAtUnit(patient: Patient, examined: Examined): Promise<SeenUnit> {
  const { ctx, target, release, config } = patient;
  const { unit, ...rest } = examined;
  const mask = maskFor(config);
  const isMeant = !examined.data && release !== null && unit.release === release.id;
  const differences = isMeant ? await orNothing(target.differences(unit, release), []) : [];
  const seen: SeenUnit = { ...unit, ...rest, log: "", differences, answer: await ask(patient, examined, mask) };
  // Of one that does not run well the runs before tell as much.
  const ill = troubleOf(seen, ctx.now().getTime()) !== null;
  const log = await orNothing(target.logs(unit, ill ? { tail: 200 } : { tail: 500, sinceStart: true }), "");
  return {
    ...seen,
    command: seen.command.map(mask),
    log: mask(log),
    error: seen.error && mask(seen.error),
    healthOutput: seen.healthOutput && mask(seen.healthOutput),
  };
}

/** What it is asked for its health, where it is; of another only whether it takes connections. */
async function ask({ healthPath }: Patient, { unit, data }: Examined, mask: (text: string) => string): Promise<SeenUnit["answer"]> {
  if (data || unit.state !== "running" || unit.address === null) return null;
  const asked = healthPath(unit);
  const path = asked ?? "/";
  const { status, problem, body } = await get(`http://${unit.address.host}:${unit.address.port}${path}`, checkLimit);
  return { path, status: asked === undefined ? null : status, problem: spoke(problem) ? null : problem, said: mask(body).slice(0, 300) };
}

/** Something is there and speaks, if another language than HTTP. */
function spoke(problem: string | null): boolean {
  return problem?.startsWith("HPE_") === true;
}

/** One that went meanwhile says no more, and that is all there is to know. */
async function orNothing<T>(asked: Promise<T>, nothing: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AplomoError) return nothing;
    throw error;
  }
}

/** What can be said of a unit that was not looked at closely. */
export function unexamined(unit: Unit): Examined {
  return {
    unit,
    data: false,
    command: [],
    error: null,
    outOfMemory: false,
    memory: null,
    listening: null,
    port: null,
    networks: [],
    mounts: [],
    user: null,
    healthOutput: null,
    image: null,
    variables: null,
    program: null,
  };
}
