/** Which version this is, as far as the environment says. */
export interface Release {
  release?: string;
  commit?: string;
}

/** What deployment tools call the commit: Aplomo, Coolify, Heroku-like platforms, CI systems that build images. */
const commitNames = ["APLOMO_COMMIT", "SOURCE_COMMIT", "GIT_COMMIT", "COMMIT_SHA", "GIT_SHA"];

/** Reads release id and commit from the environment. */
export function readRelease(env: NodeJS.ProcessEnv): Release {
  const release = env.APLOMO_RELEASE;
  const commit = commitNames.map((name) => env[name]).find(Boolean);
  return { ...(release ? { release } : {}), ...(commit ? { commit } : {}) };
}
