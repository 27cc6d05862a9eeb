import { backupHealth, storeHealth } from "../../backup/health.ts";
import { policyOf } from "../../backup/policy.ts";
import { unfinishedDeployment } from "../../deploy/deployments.ts";
import { ofRelease } from "../../deploy/gates/gate.ts";
import { currentRelease } from "../../deploy/releases.ts";
import { lockHolder } from "../../host/lock.ts";
import { keptMigrations, migratedDatabase, standingOf } from "../../deploy/migrations.ts";
import type { Session } from "../../deploy/session.ts";
import { sayStanding, type Found } from "../../migrations/standing.ts";
import type { ReleaseFolder } from "../../targets/contract.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell } from "../shell.ts";

export function run(options: GlobalOptions): Promise<number> {
  return inShell(options, async (shell) => {
    const session = await shell.session();
    const [current, units, holder] = [
      await currentRelease(session.paths),
      await session.target.units(),
      await lockHolder(session.paths.lock),
    ];
    const own = current ? await ofRelease(units, current) : [];
    const its = policyOf(session.config, session.paths);
    const backups = await Promise.all(session.databases.map((database) => backupHealth(database, its, shell.ctx.now())));
    const migrations = await migrationsOf(session, current);
    const left = holder ? undefined : await unfinishedDeployment(session.paths);
    shell.result("status", {
      app: session.config.settings.app,
      release: current?.id ?? null,
      runtime: session.target.kind,
      units: units.map((unit) => {
        const { name, service, release, state, health, restarts, startedAt, exitCode } = unit;
        const keptBy = current && release !== current.id && own.includes(unit) ? { keptBy: current.id } : {};
        return { name, service, release, ...keptBy, state, health, restarts, startedAt, exitCode };
      }),
      backups: backups.map((one) => ({ ...one })),
      copies: (await storeHealth(its)).map((one) => ({ ...one })),
      migrations: migrations ? { ...migrations, said: sayStanding(migrations) } : null,
      running: holder ? `${holder.operation} runs since ${holder.since} (process ${holder.pid})` : null,
      interrupted: left ? `${left.id} was interrupted or is stuck: \`aplomo recover\` finishes or undoes it` : null,
    });
    const well = own.length > 0 && units.every((unit) => unit.state === "running");
    // A store that is down is told and fails nothing: the next run makes it up.
    return well && !left && !migrations?.failed.length && backups.every(({ late }) => late === null) ? 0 : 1;
  });
}

/** A database that does not answer is told by other lines. */
async function migrationsOf({ config, databases }: Session, current: ReleaseFolder | null): Promise<Found | undefined> {
  const database = current && migratedDatabase(databases, config.settings);
  if (!database) return undefined;
  return standingOf(database, config.settings, await keptMigrations(current)).catch(() => undefined);
}
