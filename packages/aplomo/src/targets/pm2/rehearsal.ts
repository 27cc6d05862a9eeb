import type { ReleaseFolder, Unit } from "../contract.ts";
import type { Evidence } from "../../base/events.ts";
import type { Inside, Rehearsal, RoomOptions } from "../rehearsal.ts";
import { bootAside, clearTheWay, endTryOut } from "./candidate.ts";
import { readEcosystem } from "./ecosystem.ts";
import { runOnce } from "./run-once.ts";
import type { Switching } from "./switch.ts";

/** PM2 has no walls: one process on a port that nobody knows, whose variables mean the copy of the data. */
export function pm2Rehearsal(switching: Switching, logs: Inside["logs"]): Rehearsal {
  const variables = new Map<string, Record<string, string>>();
  const inside = (release: ReleaseFolder): Record<string, string> => variables.get(release.id) ?? {};
  return {
    async open(releases, options) {
      await clearTheWay(switching);
      for (const release of releases) variables.set(release.id, await rewritten(release, options));
      return { config: null, reaches: ["whatever this server reaches: under PM2 nothing keeps a process in"] };
    },
    runOnce: (release, job) => runOnce(switching.ctx, release, { ...job, env: { ...inside(release), ...job.env } }),
    async boot(release, probe) {
      let evidence: Evidence = {};
      const one = async (unit: Unit): Promise<void> => {
        const units = async (): Promise<Unit[]> => [unit];
        evidence = await probe({ units, logs });
      };
      return { ...(await bootAside(switching, release, one, inside(release))), ...evidence };
    },
    close: () => endTryOut(switching),
  };
}

async function rewritten(release: ReleaseFolder, options: RoomOptions): Promise<Record<string, string>> {
  const own = Object.entries((await readEcosystem(release)).env);
  return { ...Object.fromEntries(own.map(([name, value]) => [name, options.rewrite(name, value)])), ...options.env };
}
