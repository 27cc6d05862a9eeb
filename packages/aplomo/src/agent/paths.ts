import { join } from "node:path";

/** Where the agent of a server keeps what it knows: beside the applications' folders, for it watches all of them. */
export interface AgentPaths {
  root: string;
  /** Held by the one agent there is. */
  lock: string;
  /** One file an application: that it is to be looked after. */
  apps: string;
  /** Its door: a unix socket only its owner may open. */
  socket: string;
}

export function agentPaths(home: string): AgentPaths {
  const root = join(home, "agent");
  return { root, lock: join(root, "lock"), apps: join(root, "apps"), socket: join(root, "socket") };
}

/** What the agent keeps of one application. */
export interface WatchPaths {
  root: string;
  /** One folder a run: see runs.ts. */
  runs: string;
  /** The newest look. */
  look: string;
  /** One file a day, a line for each look. */
  samples: string;
  /** Incidents, and what was told of them. */
  incidents: string;
  /** How each release did in its first 24 hours. */
  verdicts: string;
  /** What `doctor` found when it was asked last. */
  diagnosis: string;
}

export function watchPaths(paths: AgentPaths, app: string): WatchPaths {
  const root = join(paths.root, "watch", app);
  return {
    root,
    runs: join(root, "runs"),
    look: join(root, "look.json"),
    samples: join(root, "samples"),
    incidents: join(root, "incidents.json"),
    verdicts: join(root, "verdicts"),
    diagnosis: join(root, "diagnosis.json"),
  };
}
