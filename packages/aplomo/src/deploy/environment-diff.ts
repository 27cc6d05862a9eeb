import { UsageError } from "../base/errors.ts";
import type { ReleaseFolder } from "../targets/contract.ts";
import { unitsOf } from "./gates/gate.ts";
import { currentRelease, readRelease } from "./releases.ts";
import type { Session } from "./session.ts";

export interface EnvironmentDiff {
  /** The release in front, which the present environment is compared with. */
  release: string;
  changes: VariableChange[];
  /** What each unit has, against what that release means. */
  units: { unit: string; differences: string[] }[];
}

/** With several services a name says whose it is: `web:PORT`. */
export interface VariableChange {
  name: string;
  change: "added" | "changed" | "removed";
  /** Fingerprints: they tell whether two values are the same, and nothing about them. */
  before: string | null;
  now: string | null;
}

/** The present environment, against the release in front and what runs of it. Only looks. */
export async function diffEnvironment({ config, paths, target }: Session): Promise<EnvironmentDiff> {
  const release = await currentRelease(paths);
  const record = release && (await readRelease(release));
  if (!release || !record) {
    const subject = `the environment of ${config.settings.app}`;
    throw new UsageError({ operation: "compare", subject, cause: "no release is in front yet", hint: "aplomo deploy" });
  }
  const { environment } = await previewOf(target, release);
  const units = (await unitsOf({ target }, release)).filter((unit) => unit.state === "running");
  return {
    release: release.id,
    changes: compareFingerprints(record.environment, environment),
    units: await Promise.all(units.map(async (unit) => ({ unit: unit.name, differences: await target.differences(unit, release) }))),
  };
}

/** Without asking for images, as long as nothing but the environment differs. */
async function previewOf(target: Session["target"], release: ReleaseFolder): ReturnType<Session["target"]["preview"]> {
  try {
    return await target.preview(release);
  } catch (error) {
    if (error instanceof UsageError) return target.preview();
    throw error;
  }
}

/** Pure. The release's own name differs each time and says nothing. */
export function compareFingerprints(before: Record<string, string>, now: Record<string, string>): VariableChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((name) => !/(^|:)APLOMO_RELEASE$/.test(name)).sort();
  return names.flatMap((name): VariableChange[] => {
    const [was, is] = [before[name] ?? null, now[name] ?? null];
    return was === is ? [] : [{ name, change: was === null ? "added" : is === null ? "removed" : "changed", before: was, now: is }];
  });
}
