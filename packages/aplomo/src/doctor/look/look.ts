import { AplomoError, reason } from "../../base/errors.ts";
import { checkEnvironment } from "../../config/environment.ts";
import type { Observed, Part } from "../observed.ts";
import { lookAtBackups } from "./backups.ts";
import { lookAtDatabase } from "./databases.ts";
import { lookAtDisks } from "./disks.ts";
import { lookInFront } from "./front.ts";
import { maskFor, type Patient } from "./patient.ts";
import { lookAtUnits } from "./units.ts";

/** Looks at everything once and changes nothing. What cannot be looked at is left out, with the reason. */
export async function look(patient: Patient): Promise<Observed> {
  const { ctx, config, databases, release } = patient;
  const seen: Observed = { app: config.settings.app, now: ctx.now().getTime(), release: release?.id ?? null, unseen: {} };
  const at = async <P extends Part>(part: P, find: () => Promise<Observed[P]>): Promise<void> => {
    try {
      seen[part] = await find();
    } catch (error) {
      ctx.signal.throwIfAborted();
      if (!(error instanceof AplomoError)) throw error;
      seen.unseen[part] = { message: maskFor(config)(reason(error)), hint: error.hint ?? null };
    }
  };
  // By itself: two calls at once that both find no PM2 daemon would both start one.
  await at("units", () => lookAtUnits(patient));
  await Promise.all([
    at("environment", async () => checkEnvironment(config)),
    at("databases", () => Promise.all(databases.map((database) => lookAtDatabase(patient, database)))),
    at("front", () => lookInFront(patient)),
    at("disks", () => lookAtDisks(patient)),
    at("backups", () => lookAtBackups(patient)),
    at("deployments", () => patient.deployments()),
  ]);
  return seen;
}
