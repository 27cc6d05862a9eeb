import { counted } from "../base/count.ts";
import type { SourceSettings } from "../config/schema.ts";
import type { Apart, Context, SourceState } from "../host/context.ts";
import { apartOf, sourceState } from "./source.ts";

/** Something about the checkout that S5.11 asks before a deploy. */
export interface SourceFinding {
  check: keyof SourceSettings;
  message: string;
  hint: string;
}

/** What is not as it should be, whatever the settings make of it; nothing where there is no checkout. `before`: the version in front. */
export async function checkSource(ctx: Context, folder: string, before: string | null): Promise<SourceFinding[]> {
  const state = await sourceState(ctx, folder);
  return state.commit === null ? [] : judgeSource(state, await apartOf(ctx, folder), before);
}

/** Pure. `apart`: null when the branch follows none. */
export function judgeSource(
  { dirty, appVersion: version = null }: SourceState,
  apart: Apart | null,
  before: string | null,
): SourceFinding[] {
  const found: SourceFinding[] = [];
  if (dirty)
    found.push({
      check: "clean",
      message: "something is not committed, so that nobody can get this code again",
      hint: "git status shows it; commit it",
    });
  if (!apart) found.push({ check: "pushed", message: "the branch follows none elsewhere", hint: "git push --set-upstream origin HEAD" });
  else if (apart.ahead > 0)
    found.push({ check: "pushed", message: `${apart.upstream} lacks ${counted(apart.ahead, "commit")} of this branch`, hint: "git push" });
  if (apart && apart.behind > 0)
    found.push({ check: "pushed", message: `this branch lacks ${counted(apart.behind, "commit")} of ${apart.upstream}`, hint: "git pull" });
  if (version !== null && version === before)
    found.push({ check: "raised", message: `the version is ${version}, as that of the release in front`, hint: "Raise it" });
  return found;
}
