import { quoteUnit } from "../host/systemd.ts";

export const unitFile = "aplomo-agent.service";

/** Pure: the unit that keeps the agent running. Ending it ends the agent alone: a backup under way goes on (`KillMode`). */
export function agentUnit({ program, home, wantedBy }: { program: readonly string[]; home: string; wantedBy: string }): string {
  return [
    "[Unit]",
    "Description=Aplomo: backups on time, and a look at every application",
    "After=network-online.target docker.service",
    "Wants=network-online.target",
    "",
    "[Service]",
    `Environment=${quoteUnit(`APLOMO_HOME=${home}`)}`,
    `Environment=${quoteUnit("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")}`,
    `ExecStart=${[...program, "agent", "run", "--json"].map(quoteUnit).join(" ")}`,
    "KillMode=process",
    "Restart=always",
    "RestartSec=5",
    "UMask=0077",
    "",
    "[Install]",
    `WantedBy=${wantedBy}`,
    "",
  ].join("\n");
}
