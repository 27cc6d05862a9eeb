import { isOpen } from "./incidents.ts";
import type { AppView } from "./view.ts";

interface Line {
  name: string;
  help: string;
  labels: Record<string, string>;
  value: number;
}

/** What Prometheus reads: the newest look at every application. */
export function metrics(apps: readonly AppView[]): string {
  const lines = apps.flatMap(linesOf);
  const names = [...new Set(lines.map(({ name }) => name))];
  return names
    .flatMap((name) => {
      const its = lines.filter((line) => line.name === name);
      return [
        `# HELP ${name} ${its[0]?.help}`,
        `# TYPE ${name} gauge`,
        ...its.map(({ labels, value }) => `${name}{${told(labels)}} ${value}`),
      ];
    })
    .join("\n")
    .concat("\n");
}

function linesOf({ registered: { app }, look, ledger }: AppView): Line[] {
  const line = (name: string, help: string, value: number, labels: Record<string, string> = {}): Line => ({
    name: `aplomo_${name}`,
    help,
    labels: { app, ...labels },
    value,
  });
  const { sample } = look ?? {};
  return [
    line("incidents_open", "Incidents that are not over.", ledger.incidents.filter(isOpen).length),
    ...(look?.proven
      ? [line("backup_proven_timestamp_seconds", "When the newest proven backup was made.", Date.parse(look.proven) / 1_000)]
      : []),
    ...(look ? [line("look_timestamp_seconds", "When the agent looked last.", Date.parse(look.at) / 1_000)] : []),
    ...(sample?.asked ?? []).flatMap(({ what, status, ms }) => [
      line("health_status", "HTTP status of a unit or public address; 0: no answer.", status, { what }),
      line("health_seconds", "How long it took to answer.", ms / 1_000, { what }),
    ]),
    ...(sample?.units ?? []).flatMap(({ name: unit, restarts, running, memory }) => [
      line("unit_running", "1: the unit runs.", Number(running), { unit }),
      line("unit_restarts", "Restarts since its release was last started.", restarts, { unit }),
      ...(memory === null ? [] : [line("unit_memory_bytes", "Memory that counts against its limit.", memory, { unit })]),
    ]),
    ...(sample?.disks ?? []).map(({ path, free }) => line("disk_free_bytes", "Free on the disk that holds this folder.", free, { path })),
  ];
}

function told(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (letter) => (letter === "\n" ? "\\n" : `\\${letter}`))}"`)
    .join(",");
}
