import { userInfo } from "node:os";
import { join } from "node:path";
import { readIfPresent } from "../host/files.ts";
import type { Apart, Context, SourceState } from "../host/context.ts";
import type { Result } from "../host/run.ts";

/** Of the folder of aplomo.yml here, or of the one on the machine that asked. */
export async function sourceState(ctx: Context, folder: string): Promise<SourceState> {
  if (ctx.source) {
    const { apart: _apart, ...state } = ctx.source;
    return state;
  }
  const head = await git(ctx, folder, "rev-parse", "HEAD");
  const [author, appVersion] = [loginName(), await versionOf(folder)];
  if (head.code !== 0) return { author, commit: null, dirty: false, appVersion };
  const status = await git(ctx, folder, "status", "--porcelain", "--", ".");
  return { author, commit: head.stdout.trim(), dirty: status.stdout.trim() !== "", appVersion };
}

/** Of the branch of the same folder; null: it follows none. */
export async function apartOf(ctx: Context, folder: string): Promise<Apart | null> {
  if (ctx.source) return ctx.source.apart;
  const upstream = await git(ctx, folder, "rev-parse", "--abbrev-ref", "@{upstream}");
  if (upstream.code !== 0) return null;
  const counted = await git(ctx, folder, "rev-list", "--left-right", "--count", "HEAD...@{upstream}");
  const [ahead = 0, behind = 0] = counted.stdout.trim().split(/\s+/).map(Number);
  return { upstream: upstream.stdout.trim(), ahead, behind };
}

function git(ctx: Context, folder: string, ...args: string[]): Promise<Result> {
  return ctx.host.attempt({ argv: ["git", "-C", folder, ...args], env: { GIT_OPTIONAL_LOCKS: "0" }, timeout: 10_000 });
}

async function versionOf(folder: string): Promise<string | null> {
  const json = await readIfPresent(join(folder, "package.json"));
  const found =
    /^\s*"version"\s*:\s*"([^"]+)"/m.exec(json ?? "") ??
    /^version\s*=\s*"([^"]+)"/m.exec((await readIfPresent(join(folder, "pyproject.toml"))) ?? "");
  return found?.[1] ?? null;
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    // A number without a name in /etc/passwd, as in many containers.
    return String(process.getuid?.() ?? "unknown");
  }
}
