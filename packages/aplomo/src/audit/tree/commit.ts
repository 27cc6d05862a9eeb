import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AplomoError, UsageError } from "../../base/errors.ts";
import type { Host } from "../../host/run.ts";
import { folderTree } from "./folder.ts";
import type { Tree } from "./tree.ts";

/**
 * Looks at a folder as it was in a commit. Git writes it into a folder of ours by an index of ours, so that neither the user's files nor
 * their index change; no filter of the repository is run.
 */
export async function atCommit<T>(host: Host, folder: string, ref: string, look: (tree: Tree) => T): Promise<T> {
  const prefix = await host.attempt({ argv: ["git", "rev-parse", "--show-prefix"], cwd: folder });
  if (prefix.code !== 0)
    throw new UsageError({ operation: "compare with", subject: ref, cause: "this is no git repository", hint: "leave --since out" });
  const commit = await host.attempt({
    argv: ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`],
    cwd: folder,
  });
  if (commit.code !== 0) {
    throw new UsageError({
      operation: "compare with",
      subject: ref,
      cause: "git knows no such commit",
      hint: "name a branch, tag or commit; a shallow clone holds only the newest (fetch-depth: 0)",
    });
  }
  const inside = await mkdtemp(join(tmpdir(), "aplomo-audit-"));
  try {
    const top = (await host.run({ argv: ["git", "rev-parse", "--show-toplevel"], cwd: folder })).stdout.trim();
    const env = { GIT_INDEX_FILE: join(inside, "index") };
    const plain = ["-c", "core.hooksPath=/dev/null", "-c", "filter.lfs.smudge=", "-c", "filter.lfs.required=false"];
    await host.run({ argv: ["git", ...plain, "read-tree", commit.stdout.trim()], cwd: top, env });
    const written = await host.attempt({
      argv: ["git", ...plain, "checkout-index", "--all", "--force", `--prefix=${join(inside, "tree")}/`],
      cwd: top,
      env,
    });
    if (written.code !== 0) throw new AplomoError({ operation: "read", subject: `commit ${ref}`, cause: written.stderr.trim() });
    const path = join(inside, "tree", prefix.stdout.trim());
    // A folder that the commit does not have yet has no findings there.
    return look(existsSync(path) ? folderTree(path) : { entries: [], unread: [], read: () => new Uint8Array() });
  } finally {
    await rm(inside, { recursive: true, force: true });
  }
}
