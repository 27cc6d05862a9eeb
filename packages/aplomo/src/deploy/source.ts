import { userInfo } from "node:os";
import { join } from "node:path";
import { readIfPresent } from "../host/files.ts";
import type { Context, SourceState } from "../host/context.ts";

/** Of the folder of aplomo.yml here, or of the one on the machine that asked. */
export async function sourceState(ctx: Context, folder: string): Promise<SourceState> {
  if (ctx.source) return ctx.source;
  const git = (...args: string[]): ReturnType<typeof ctx.host.attempt> =>
    ctx.host.attempt({ argv: ["git", "-C", folder, ...args], env: { GIT_OPTIONAL_LOCKS: "0" }, timeout: 10_000 });
  const head = await git("rev-parse", "HEAD");
  const [author, appVersion] = [loginName(), await versionOf(folder)];
  if (head.code !== 0) return { author, commit: null, dirty: false, appVersion };
  const status = await git("status", "--porcelain", "--", ".");
  return { author, commit: head.stdout.trim(), dirty: status.stdout.trim() !== "", appVersion };
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
