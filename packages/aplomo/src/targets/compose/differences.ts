import { readFile } from "node:fs/promises";
import type { ReleaseFolder, Unit } from "../contract.ts";
import type { ComposeApp } from "./app.ts";
import { containerOf, label, serviceOf, type Container } from "./containers.ts";
import { appLabel, markOf, releaseLabel, type Frozen } from "./freeze.ts";
import { isHere } from "./examine.ts";
import { findImage } from "./images.ts";
import { readFrozen } from "./release.ts";
import { environmentOf } from "./take-down.ts";

/** What the container really is, against what the release means: image, labels, environment as made and as the process has it. */
export async function differences(app: ComposeApp, unit: Unit, release: ReleaseFolder): Promise<string[]> {
  const frozen = await readFrozen(release);
  const container = await containerOf(app, unit);
  if (!container) return ["it is gone"];
  const service = frozen.services[serviceOf(container)];
  if (!service) return [`service ${serviceOf(container)} is no part of ${release.id}`];
  const image = await findImage(app, container.Image);
  const given = environmentOf(image?.Config?.Env);
  const process = await environmentOfProcess(container);
  return [
    ...labelDifferences(container, frozen),
    ...environmentDifferences({ ...given, ...service.environment }, environmentOf(container.Config.Env)),
    // An entrypoint may add variables of its own; those that the release sets must be as it sets them.
    ...(process ? environmentDifferences(service.environment, pick(process, service.environment), "in the process ") : []),
  ];
}

function labelDifferences(container: Container, frozen: Frozen): string[] {
  const { images, app, adopted } = frozen["x-aplomo"];
  const pin = images[serviceOf(container)];
  const said: string[] = [];
  if (container.Image !== pin?.id) said.push(`image ${short(container.Image)} runs, ${short(pin?.id)} is meant (${pin?.reference})`);
  if (adopted.includes(container.Id)) return said;
  for (const [name, value] of [
    [appLabel, app],
    [releaseLabel, markOf(frozen["x-aplomo"], serviceOf(container))],
  ] as const) {
    const actual = label(container, name);
    if (actual !== value) said.push(`label ${name} is ${actual ?? "missing"}, ${value} is meant`);
  }
  return said;
}

/** Pure: names only, never a value. */
export function environmentDifferences(meant: Record<string, string>, actual: Record<string, string>, where = ""): string[] {
  const names = [...new Set([...Object.keys(meant), ...Object.keys(actual)])].sort();
  return names.flatMap((name) => {
    if (meant[name] === actual[name]) return [];
    if (actual[name] === undefined) return [`variable ${name} is missing ${where}`.trimEnd()];
    if (meant[name] === undefined) return [`variable ${name} is not meant to be there`];
    return [`variable ${name} has another value ${where}`.trimEnd()];
  });
}

function pick(from: Record<string, string>, names: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name in names));
}

/** The main process's environment where this machine can read it: the engine's word is one thing, what the app was given another. */
async function environmentOfProcess({ Id, State }: Container): Promise<Record<string, string> | undefined> {
  if (State.Status !== "running" || !(await isHere(Id, State.Pid))) return undefined;
  try {
    const lines = (await readFile(`/proc/${State.Pid}/environ`, "utf8")).split("\0").filter(Boolean);
    // Some servers write their title over it.
    return lines.length > 0 && lines.every((line) => line.includes("=")) ? environmentOf(lines) : undefined;
  } catch {
    return undefined;
  }
}

function short(id: string | undefined): string {
  return id === undefined ? "none" : id.replace(/^sha256:/, "").slice(0, 12);
}
