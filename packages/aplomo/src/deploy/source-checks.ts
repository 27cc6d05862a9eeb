import type { SourceSettings } from "../config/schema.ts";
import type { Context, SourceState } from "../host/context.ts";
import { sourceState } from "./source.ts";

/** Something about the checkout that S5.11 asks before a deploy. */
export interface SourceFinding {
  check: keyof SourceSettings;
  message: string;
  hint: string;
}

/** How far the branch and the one it follows have come apart; null: it follows none. */
export interface Apart {
  upstream: string;
  ahead: number;
  behind: number;
}

/** What is not as it should be, whatever the settings make of it; nothing where there is no checkout. `before`: the version in front. */
export async function checkSource(ctx: Context, folder: string, before: string | null): Promise<SourceFinding[]> {
  const state = await sourceState(ctx, folder);
  return state.commit === null ? [] : judgeSource(state, ctx.source ? inStep : await apartOf(ctx, folder), before);
}

/** Of a checkout on the machine that asked, only what it said is known. */
const inStep: Apart = { upstream: "", ahead: 0, behind: 0 };

/** Pure. */
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
    found.push({ check: "pushed", message: `${apart.ahead} commits are not in ${apart.upstream}`, hint: "git push" });
  if (apart && apart.behind > 0)
    found.push({ check: "pushed", message: `${apart.upstream} has ${apart.behind} commits that are not here`, hint: "git pull" });
  if (version !== null && version === before)
    found.push({ check: "raised", message: `the version is ${version}, as that of the release in front`, hint: "Raise it" });
  return found;
}

async function apartOf(ctx: Context, folder: string): Promise<Apart | null> {
  const git = (...args: string[]): ReturnType<typeof ctx.host.attempt> =>
    ctx.host.attempt({ argv: ["git", "-C", folder, ...args], env: { GIT_OPTIONAL_LOCKS: "0" }, timeout: 10_000 });
  const upstream = await git("rev-parse", "--abbrev-ref", "@{upstream}");
  if (upstream.code !== 0) return null;
  const counted = await git("rev-list", "--left-right", "--count", "HEAD...@{upstream}");
  const [ahead = 0, behind = 0] = counted.stdout.trim().split(/\s+/).map(Number);
  return { upstream: upstream.stdout.trim(), ahead, behind };
}
