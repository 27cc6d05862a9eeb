import { listBackups } from "../../backup/catalogue.ts";
import { formatDuration } from "../../base/time.ts";
import type { Json } from "../../base/events.ts";
import { unfinishedDeployment } from "../../deploy/deployments.ts";
import { currentRelease } from "../../deploy/releases.ts";
import type { Session } from "../../deploy/session.ts";
import { lockHolder } from "../../host/lock.ts";
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
    const left = holder ? undefined : await unfinishedDeployment(session.paths);
    shell.result("status", {
      app: session.config.settings.app,
      release: current?.id ?? null,
      runtime: session.target.kind,
      units: units.map(({ name, service, release, state, health, restarts, startedAt, exitCode }) => ({
        name,
        service,
        release,
        state,
        health,
        restarts,
        startedAt,
        exitCode,
      })),
      backups: await lastBackups(session),
      running: holder ? `${holder.operation} runs since ${holder.since} (process ${holder.pid})` : null,
      interrupted: left ? `${left.id} was interrupted or is stuck: \`aplomo recover\` finishes or undoes it` : null,
    });
    const well = current !== null && units.some((unit) => unit.release === current.id) && units.every((unit) => unit.state === "running");
    return well && !left ? 0 : 1;
  });
}

async function lastBackups(session: Session): Promise<Json[]> {
  return Promise.all(
    session.databases.map(async ({ name }) => {
      const [last] = await listBackups(session.paths.backups, { database: name });
      const age = last ? formatDuration(session.ctx.now().getTime() - new Date(last.manifest.createdAt).getTime()) : null;
      return { database: name, id: last?.id ?? null, age };
    }),
  );
}
