import { userInfo } from "node:os";
import { findScheduler } from "../../backup/install.ts";
import type { Context } from "../../host/context.ts";
import { readIfPresent } from "../../host/files.ts";
import { putService, quoteUnit, removeService, serviceFile, type Systemd } from "../../host/systemd.ts";
import { residentArgv, type Resident } from "../resident.ts";
import { takenByAnother, type Keeper } from "./keeper.ts";

const limit = 30_000;

export const unitFile = "aplomo-agent.service";

/** Pure: the unit that keeps the agent running. Ending it ends the agent alone: a backup under way goes on (`KillMode`). */
export function agentUnit(resident: Resident, by: Systemd): string {
  return [
    "[Unit]",
    "Description=Aplomo: backups on time, and a look at every application",
    "After=network-online.target docker.service",
    "Wants=network-online.target",
    "",
    "[Service]",
    homeLine(resident),
    `Environment=${quoteUnit(`PATH=${resident.path}`)}`,
    `ExecStart=${residentArgv(resident).map(quoteUnit).join(" ")}`,
    "KillMode=process",
    "Restart=always",
    "RestartSec=5",
    "UMask=0077",
    "",
    "[Install]",
    `WantedBy=${by === "systemd" ? "multi-user.target" : "default.target"}`,
    "",
  ].join("\n");
}

function homeLine({ home }: Resident): string {
  return `Environment=${quoteUnit(`APLOMO_HOME=${home}`)}`;
}

export function systemdKeeper(ctx: Context, resident: Resident, by: Systemd): Keeper {
  const file = serviceFile(by, unitFile);
  /** Another home's agent has the place. */
  const isAnothers = async (): Promise<boolean> => {
    const text = await readIfPresent(file);
    return text !== undefined && !text.split("\n").includes(homeLine(resident));
  };
  return {
    name: by,
    log: by === "systemd" ? "systemctl status aplomo-agent" : "systemctl --user status aplomo-agent",
    async fits() {
      if ((await findScheduler(ctx)) !== by) return false;
      return by === "systemd" || lingers(ctx);
    },
    async put() {
      if (await isAnothers()) throw takenByAnother(file);
      return { what: file, changed: await putService(ctx, by, unitFile, agentUnit(resident, by)) };
    },
    async remove() {
      if (!(await isAnothers())) await removeService(ctx, by, unitFile);
    },
  };
}

/** A user's services end when the user logs out, unless they linger; where one may ask for that oneself, it is asked for. */
async function lingers(ctx: Context): Promise<boolean> {
  const { username } = userInfo();
  const ask = (argv: [string, ...string[]]): Promise<{ code: number | null; stdout: string }> =>
    ctx.host.attempt({ argv, timeout: limit }, ctx.signal);
  const { stdout } = await ask(["loginctl", "show-user", username, "--property=Linger"]);
  return stdout.trim() === "Linger=yes" || (await ask(["loginctl", "--no-ask-password", "enable-linger", username])).code === 0;
}
