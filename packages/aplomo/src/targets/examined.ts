import type { Unit } from "./contract.ts";

/** A unit, or a service a database lives in, looked at closely. What cannot be seen from here is null, and a diagnosis does not judge it. */
export interface Examined {
  unit: Unit;
  /** A database of the application lives in it: no release replaces it. */
  data: boolean;
  /** What it was started with, word for word. */
  command: string[];
  /** Why the engine could not start it, in the engine's words. */
  error: string | null;
  /** The kernel ended it, now or before the present run, because it had no memory left. */
  outOfMemory: boolean;
  memory: Memory | null;
  /** Where something inside listens. */
  listening: Listener[] | null;
  /** The port inside at which requests are to reach it. */
  port: number | null;
  networks: string[];
  mounts: { kind: string; name: string | null; target: string; anonymous: boolean }[];
  /** As whom it runs; empty: root. */
  user: string | null;
  /** What the engine's own health check said last. */
  healthOutput: string | null;
  /** What runs, and what its image's name means by now; null when nobody knows any more. */
  image: { reference: string; running: string; named: string | null } | null;
  /** How its environment differs from what the present files would give it. */
  variables: VariableDifferences | null;
  /** Of a process on this machine: where it runs and with what. */
  program: Program | null;
}

/** Bytes: what counts against the limit, as whoever enforces it counts. */
export interface Memory {
  used: number;
  limit: number;
}

export interface Listener {
  port: number;
  /** Nobody outside reaches it. */
  loopback: boolean;
}

export interface Program {
  folder: string;
  folderExists: boolean;
  script: string;
  scriptExists: boolean;
  /** `22.13.0`; null when nobody tells. */
  node: string | null;
  /** `engines.node` of its package.json. */
  wanted: string | null;
  /** PM2 has given it up. */
  givenUp: boolean;
}

/** Names alone. */
export interface VariableDifferences {
  other: string[];
  /** A value is meant, and it has an empty one. */
  empty: string[];
  missing: string[];
}

/** Pure. What it has besides is its image's affair. */
export function compareVariables(meant: Record<string, string>, actual: Record<string, string>): VariableDifferences {
  const names = Object.keys(meant).filter((name) => meant[name] !== actual[name]);
  return {
    other: names.filter((name) => actual[name] !== undefined && actual[name] !== ""),
    empty: names.filter((name) => actual[name] === ""),
    missing: names.filter((name) => actual[name] === undefined),
  };
}
