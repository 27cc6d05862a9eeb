import type { Laptop, Typed } from "./laptop.ts";
import type { RecoveryRig } from "./recovery-rig.ts";

/** What goes wrong during a deploy. */
export interface Scenario {
  name: string;
  /** What it stands for where the real thing cannot be had. */
  double?: string;
  /** Before the deploy begins. */
  prepare?: (rig: RecoveryRig) => Promise<void>;
  /** On the server, as root, in the very moment. */
  there?: (rig: RecoveryRig) => string;
  /** On this side, as soon as the moment has come. */
  here?: (rig: RecoveryRig, typed: Typed) => Promise<void>;
  /** Throws unless it really happened, where that does not show by itself. */
  seen?: (rig: RecoveryRig) => Promise<void>;
  /** What a person puts right before the next start. */
  mend?: (rig: RecoveryRig) => Promise<void>;
  moments: readonly Moment[];
}

/** When it goes wrong: at the first step of a phase whose beginning stands in the journal. */
export type Moment = keyof typeof steps;

const steps = {
  prepare: "prepare\\.target",
  protect: "protect\\.backup",
  change: "change\\.migrate",
  switch: "switch\\.",
  prove: "prove\\.health",
  watch: "prove\\.stability",
  keep: "keep\\.",
};

export const allMoments = Object.keys(steps) as Moment[];

export function patternOf(moment: Moment): string {
  return `"step.started","step":"${steps[moment]}`;
}

const clock = "/home/deploy/clock";

/** libfaketime comes in with the account's shell, so that Aplomo and the programs it starts see it, and nothing else on the server. */
async function fakeClock({ server }: RecoveryRig): Promise<void> {
  const library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
  const variables = `LD_PRELOAD=${library} FAKETIME_TIMESTAMP_FILE=${clock} FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1 FAKETIME_DONT_FAKE_MONOTONIC=1`;
  await server.asRoot(
    `echo +0 >${clock}; chmod 644 ${clock}; f=/home/deploy/.bashrc; [ -e $f.kept ] || cp -p $f $f.kept; (echo export ${variables}; cat $f.kept) >$f`,
  );
}

async function clockJumped({ app, server }: RecoveryRig): Promise<void> {
  const folder = `${server.apps}/${app}/deployments`;
  const journal = await server.asRoot(`cat ${folder}/$(ls -v ${folder} | tail -n 1)/journal.jsonl`);
  const times = journal.split("\n").map((line) => new Date((JSON.parse(line) as { at: string }).at).getTime());
  const days = (Math.max(...times) - Math.min(...times)) / 86_400_000;
  if (days < 39) throw new Error(`the clock did not jump: ${days} days between the journal's lines`);
}

async function realClock({ server }: RecoveryRig): Promise<void> {
  await server.asRoot("cp -p /home/deploy/.bashrc.kept /home/deploy/.bashrc");
}

const second = async (laptop: Laptop, words: string[]): Promise<void> => {
  const { code, stdout } = await laptop.aplomo(...words);
  if (code !== 0 && code !== 4) throw new Error(`the other laptop's ${words.join(" ")} ended with ${code}:\n${stdout}`);
};

const registry = (process.env["APLOMO_LAB_REGISTRY"] ?? "").split(":")[0];

export const scenarios: Scenario[] = [
  {
    name: "engine killed",
    there: ({ app }) => `pkill -KILL -f -- "[-]-carry-out.*/${app}/runs/"`,
    moments: allMoments,
  },
  { name: "connection cut", here: ({ laptop }) => laptop.cut(), moments: allMoments },
  {
    name: "laptop killed",
    here: async (_, typed) => typed.signal("SIGKILL"),
    // Nobody waits for its end: the next start comes when it is over.
    mend: async ({ other }) => void (await other.aplomo("attach")),
    moments: ["prepare", "protect", "change", "switch", "prove"],
  },
  { name: "container engine killed", there: () => "pkill -KILL -x dockerd", mend: ({ server }) => server.ready(), moments: allMoments },
  {
    name: "registry gone",
    there: () => `ip route add unreachable ${registry}/32`,
    mend: async ({ server }) => void (await server.asRoot(`ip route del unreachable ${registry}/32`)),
    moments: ["prepare", "protect", "change", "switch"],
  },
  {
    name: "database connections ended",
    there: ({ app }) =>
      `docker exec ${app}-db-1 psql -XqAt -U ledger -d ledger -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'" >/dev/null`,
    moments: ["protect", "change", "switch", "prove", "watch"],
  },
  {
    name: "database restarted",
    there: ({ app }) => `docker restart -t 1 ${app}-db-1 >/dev/null`,
    moments: ["prepare", "protect", "change", "switch", "watch"],
  },
  {
    name: "disk full",
    there: ({ server }) => `dd if=/dev/zero of=${server.apps}/filler bs=4k 2>/dev/null; true`,
    mend: async ({ server }) => void (await server.asRoot(`rm -f ${server.apps}/filler`)),
    moments: allMoments,
  },
  {
    name: "clock 40 days forward",
    double: "libfaketime, for Aplomo and what it starts",
    prepare: fakeClock,
    there: () => `echo +40d >${clock}`,
    seen: clockJumped,
    mend: realClock,
    moments: ["protect", "change", "watch"],
  },
  {
    name: "clock 40 days back",
    double: "libfaketime, for Aplomo and what it starts",
    prepare: fakeClock,
    there: () => `echo -40d >${clock}`,
    seen: clockJumped,
    mend: realClock,
    moments: ["protect", "change", "watch"],
  },
  {
    name: "another laptop deploys",
    here: ({ other }) => second(other, ["deploy"]),
    moments: allMoments,
  },
  {
    name: "server loses power",
    double: "every process killed at once; what was written is in memory still",
    there: () => "kill -s KILL -- -1",
    here: ({ server }) => server.start(),
    moments: allMoments,
  },
];
