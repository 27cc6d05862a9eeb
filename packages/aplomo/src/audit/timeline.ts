import { parseDuration } from "../base/time.ts";
import { deadlineOf, type Limit } from "./ask/deadlines.ts";
import type { Model, Pm2App } from "./model/model.ts";
import type { Start } from "./model/start.ts";
import { at, textOf } from "./read/yaml.ts";

/** What happens after an application was told to end, first to last: each limit must be shorter than the next. */
export interface Timeline {
  start: Start;
  limits: Limit[];
}

/** PM2 sends SIGKILL after this, where nobody says otherwise; Docker likewise. */
const defaults = { pm2: 1_600, docker: 10_000 };

/** Where an application sets itself a limit or a process manager does: their times in order. */
export function timelines(model: Model): Timeline[] {
  return model.starts.flatMap((start): Timeline[] => {
    if (start.development || start.kind === "package") return [];
    const app = deadlineOf(model, start);
    const pm2 = killTimeout(model, start);
    const docker = start.service ? gracePeriod(start) : undefined;
    const edge = start.service ? edgeDrain(start) : undefined;
    // Two defaults tell nothing about this application.
    const limits = [app, pm2, docker, edge].filter((limit) => limit !== undefined);
    return limits.length > 1 &&
      limits.some((limit) => !limit.isDefault) &&
      (app !== undefined || limits.filter((limit) => !limit.isDefault).length > 1)
      ? [{ start, limits }]
      : [];
  });
}

function killTimeout(model: Model, start: Start): Limit | undefined {
  const inside =
    start.pm2 ?? (start.commands.some(({ words }) => /^pm2(-runtime|-docker)?$/.test(words[0] ?? "")) ? appIn(model, start) : undefined);
  if (!inside) return undefined;
  const value = inside.values.get("kill_timeout");
  if (!value) return inside.open ? undefined : { name: "PM2 kill_timeout", ms: defaults.pm2, place: inside.place, isDefault: true };
  const ms = Number(value.text);
  return value.text === undefined || Number.isNaN(ms) ? undefined : { name: "PM2 kill_timeout", ms, place: value.place, isDefault: false };
}

function appIn(model: Model, start: Start): Pm2App | undefined {
  return model.pm2.find((one) => start.folder === "" || one.source.path.startsWith(`${start.folder}/`));
}

function gracePeriod(start: Start): Limit | undefined {
  const { service } = start;
  if (!service) return undefined;
  const written = service.keys.get("stop_grace_period");
  if (!written) return { name: "stop_grace_period", ms: defaults.docker, place: service.place, isDefault: true };
  const ms = composeDuration(textOf(written.value) ?? "");
  return ms === undefined ? undefined : { name: "stop_grace_period", ms, place: written.value.place, isDefault: false };
}

/** `1m30s`, as compose writes durations. */
export function composeDuration(text: string): number | undefined {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text.trim()) return undefined;
  return parts.reduce((sum, [part]) => sum + (parseDuration(part) ?? 0), 0);
}

/** Traefik in the same project: how long it lets requests end. */
function edgeDrain(start: Start): Limit | undefined {
  const { service } = start;
  for (const other of service?.project.services ?? []) {
    if (other.kind !== "front") continue;
    const match = /lifecycle\.gracetimeout=(\d+\w*)/i.exec(other.command?.text ?? "");
    const ms = match ? (composeDuration(match[1] ?? "") ?? Number(match[1]) * 1_000) : undefined;
    const place = at(other.node, "command")?.place;
    if (ms !== undefined && !Number.isNaN(ms) && place) return { name: `${other.name} drain`, ms, place, isDefault: false };
  }
  return undefined;
}

/** `8 s`, `1.6 s`. */
export function seconds(ms: number): string {
  return `${ms / 1_000} s`;
}

/** `the application's own limit 8 s < stop_grace_period 10 s (default)`; what is out of order has `>` or `=`. */
export function timelineText({ limits }: Timeline): string {
  return limits
    .map((limit, index) => {
      const before = limits[index - 1];
      const sign = !before ? "" : before.ms < limit.ms ? " < " : before.ms === limit.ms ? " = " : " > ";
      return `${sign}${limit.name} ${seconds(limit.ms)}${limit.isDefault ? " (default)" : ""}`;
    })
    .join("");
}
