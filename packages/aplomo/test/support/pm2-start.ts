import type { Config } from "../../src/config/config.ts";
import { Secret } from "../../src/base/secret.ts";
import { local } from "../../src/host/local.ts";
import type { ReleaseFolder } from "../../src/targets/contract.ts";
import { openPm2 } from "../../src/targets/pm2/pm2.ts";

/** What a process needs to start a release or to run a job, so that a test can kill that process. */
export interface Errand {
  directory: string;
  home: string;
  settings: Config["settings"];
  environment: Record<string, string>;
  release: ReleaseFolder;
  /** A script to run as a job instead of starting the release. */
  job?: string;
}

const { directory, home, settings, environment, release, job } = JSON.parse(process.argv[2] ?? "") as Errand;
const { signal } = new AbortController();
const target = openPm2(
  { host: local, emit: () => {}, signal, home, now: () => new Date() },
  {
    file: `${directory}/aplomo.yml`,
    directory,
    settings,
    environment: new Map(Object.entries(environment).map(([name, value]) => [name, { value: new Secret(value), origin: "test" }])),
  },
);
if (job === undefined) await target.start(release, null);
else await target.runOnce(release, { id: "d1-job", run: ["node", "-e", job], env: {}, limit: 60_000, signal });
