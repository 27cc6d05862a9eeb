import type { Config } from "../config/config.ts";
import type { Evidence } from "../base/events.ts";
import type { Job, JobResult, ReleaseFolder, Target } from "./contract.ts";

/**
 * Where a release is performed on a copy of the data. A target has one room for an application at most: `open` empties the one a crash
 * left, and every call works in the one that was opened last. Nothing in it is production's: no unit, no volume, no network, and no
 * request comes to it but Aplomo's own.
 */
export interface Rehearsal {
  /** Makes the room for these releases. Its database services run afterwards, and are empty. */
  open(releases: readonly ReleaseFolder[], options: RoomOptions): Promise<Room>;
  /** As `Target.runOnce`, in the room. */
  runOnce(release: ReleaseFolder, job: Job): Promise<JobResult>;
  /** Boots the release in the room for `probe`, which waits by itself until it is healthy; it is gone afterwards, or stays until `close` when it failed. */
  boot(release: ReleaseFolder, probe: (inside: Inside) => Promise<Evidence>): Promise<Evidence>;
  /** What can be asked of a release that has failed there, while the room is open; left out: it is gone by then. */
  readonly inside?: Inside;
  /** Removes the room, of whatever run. May be called again. */
  close(): Promise<void>;
}

/** What can be asked of the units in the room. */
export type Inside = Pick<Target, "units" | "logs" | "examine">;

export interface RoomOptions {
  /** Every variable of a release passes through here on its way into the room. */
  rewrite(name: string, value: string): string;
  /** Every value of a service that the releases need there, a cache, a queue: production's database is the copy to it too. */
  rewriteBeside(value: string): string;
  /** Variables the room's units get besides, which win. */
  env: Record<string, string>;
  /** A copy lies outside the room, where the network must reach it. */
  outside: boolean;
  /** Folders of this machine in which copies lie that are files. */
  folders: readonly string[];
}

export interface Room {
  /** The application as it is inside, for who opens its databases there; null: the room has none of its own, and copies lie beside the live ones. */
  config: Config | null;
  /** What the units in it can reach that is not of the room, in words. Empty when nothing. */
  reaches: string[];
}
