import { quoteUnit } from "../host/systemd.ts";
import type { Program } from "./start.ts";

export const unitFile = "aplomo-agent.service";

/** What Node is told for the agent: it stays for months and does little at a time, so its memory is worth more than its speed. */
export const smallNode: readonly string[] = ["--max-semi-space-size=1", "--optimize-for-size"];

/** Pure: the unit that keeps the agent running. Ending it ends the agent alone: a backup under way goes on (`KillMode`). */
export function agentUnit({ program, home, wantedBy }: { program: Program; home: string; wantedBy: string }): string {
  const [node, ...script] = program;
  return [
    "[Unit]",
    "Description=Aplomo: backups on time, and a look at every application",
    "After=network-online.target docker.service",
    "Wants=network-online.target",
    "",
    "[Service]",
    `Environment=${quoteUnit(`APLOMO_HOME=${home}`)}`,
    `Environment=${quoteUnit("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")}`,
    `ExecStart=${[node, ...smallNode, ...script, "agent", "run", "--json"].map(quoteUnit).join(" ")}`,
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
