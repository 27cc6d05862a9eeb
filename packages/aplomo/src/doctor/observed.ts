import type { BackupHealth, StoreHealth } from "../backup/health.ts";
import type { Finding as Breach } from "../config/environment.ts";
import type { Counts } from "../databases/contract.ts";
import type { Answer } from "../host/http.ts";
import type { Unit } from "../targets/contract.ts";
import type { Examined } from "../targets/examined.ts";

/** What is looked at. Each part by itself may not be had: then the rules that need it are not asked, and the reader is told. */
export const parts = ["units", "environment", "databases", "front", "disks", "backups", "deployments"] as const;
export type Part = (typeof parts)[number];

/** An application as it was found, looked at once: plain data, nothing secret. The rules ask nothing else. */
export interface Observed {
  app: string;
  /** Milliseconds since 1970. */
  now: number;
  /** The release in front. */
  release: string | null;
  /** Why a part could not be looked at. */
  unseen: Partial<Record<Part, { message: string; hint: string | null }>>;
  units?: SeenUnit[];
  /** What of the environment breaks its contract. */
  environment?: Breach[];
  databases?: SeenDatabase[];
  front?: SeenFront;
  disks?: SeenDisk[];
  backups?: { databases: BackupHealth[]; stores: StoreHealth[] };
  deployments?: SeenDeployments;
}

export interface SeenUnit extends Unit, Omit<Examined, "unit"> {
  /** Its last lines: of all its runs when it does not run well, else of the present one. */
  log: string;
  /** Between what it is and what its release means. */
  differences: string[];
  /** What it said when it was asked for its health, or for anything; null: it was not asked. */
  answer: (Pick<Answer, "status" | "problem"> & { path: string; said: string }) | null;
}

export interface SeenDatabase {
  name: string;
  /** Why it does not answer; null: it does. */
  problem: string | null;
  /** Rows of each table now; null when it does not answer. */
  counts: Counts | null;
  /** The newest backup that was proven, else the newest. */
  backup: { id: string; counts: Counts; createdAt: string } | null;
  /** What of aplomo.yml's invariants does not hold. */
  broken: string[];
  /** Migrations that were begun and not ended, as their tool notes it. */
  halfMigrated: { name: string; tool: string; repair: string }[];
}

export interface SeenFront {
  /** The edge that aplomo.yml names; null: none. */
  edge: { kind: string; running: boolean; holding: boolean; upstreams: string[] | null; meant: string[]; refusals: Refusal[] } | null;
  /** Containers that take requests from outside, and the networks they are in. */
  doors: { name: string; networks: string[] }[];
  public: SeenAddress[];
  /** Why the target would refuse a deploy now. */
  refusals: Refusal[];
  /** Services of the release in front. */
  services: string[];
}

export interface Refusal {
  message: string;
  hint: string;
}

export interface SeenAddress extends Pick<Answer, "status" | "problem"> {
  url: string;
  said: string;
  /** Days until its certificate ends; null: it has none, or it could not be read. */
  certificateDays: number | null;
  /** What its server's clock said, against ours, in milliseconds. */
  clockAheadMs: number | null;
}

export interface SeenDisk {
  path: string;
  /** What lies there. */
  holds: string;
  bytes: { free: number; total: number };
  /** Total 0: the file system counts none. */
  inodes: { free: number; total: number };
}

export interface SeenDeployments {
  /** A deployment runs, or a backup: `deploy since 2026-...`. */
  running: string | null;
  /** It was interrupted or is stuck. */
  unfinished: { id: string; outcome: "stuck" | "interrupted"; step: string | null } | null;
  /** Who held the lock last and died with it. */
  deadOwner: { operation: string; pid: number; since: string } | null;
  /** The newest moment that deployments and backups tell of; milliseconds since 1970. */
  newest: number | null;
  /** Why the release in front could not be started again. */
  incomplete: Refusal | null;
}

export type Trouble = "never started" | "restarts" | "ended" | "unhealthy" | "does not answer";

/** A restart that long ago is history. */
const recently = 10 * 60_000;

/** Pure: what is wrong with a unit as everybody can see it; null: it does well. Its cause is for the rules. */
export function troubleOf(unit: SeenUnit, now: number): Trouble | null {
  if (unit.error !== null && unit.startedAt === null) return "never started";
  const young = unit.startedAt === null || now - Date.parse(unit.startedAt) < recently;
  if (unit.state === "restarting" || (unit.restarts > 0 && young && unit.state !== "stopped")) return "restarts";
  if (unit.state === "failed" || (unit.state === "stopped" && (unit.data || unit.release !== null))) return "ended";
  if (unit.health === "unhealthy") return "unhealthy";
  if (unit.answer && (unit.answer.problem !== null || (unit.answer.status ?? 0) >= 500)) return "does not answer";
  return null;
}
