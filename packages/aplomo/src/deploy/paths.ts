import { homedir } from "node:os";
import { join } from "node:path";
import type { ReleaseFolder } from "../targets/contract.ts";

/** Aplomo's own folder: `APLOMO_HOME`, else `/var/lib/aplomo` as root, else `~/.local/state/aplomo`. */
export function homeFolder(env: NodeJS.ProcessEnv): string {
  if (env["APLOMO_HOME"]) return env["APLOMO_HOME"];
  return process.getuid?.() === 0 ? "/var/lib/aplomo" : join(homedir(), ".local", "state", "aplomo");
}

/** Where one application's state is. */
export interface AppPaths {
  root: string;
  lock: string;
  releases: string;
  deployments: string;
  /** Env files that `env push` replaced: not beside the app, where they would come into releases and images. */
  environments: string;
  backups: string;
  /** A symbolic link to the release in front: renaming it into place is what makes a deployment final. */
  current: string;
}

export function appPaths(home: string, app: string, backups?: string): AppPaths {
  const root = join(home, "apps", app);
  return {
    root,
    lock: join(root, "lock"),
    releases: join(root, "releases"),
    deployments: join(root, "deployments"),
    environments: join(root, "environments"),
    backups: backups ?? join(root, "backups"),
    current: join(root, "current"),
  };
}

export function releaseFolder(paths: AppPaths, id: string): ReleaseFolder {
  return { id, path: join(paths.releases, id) };
}
