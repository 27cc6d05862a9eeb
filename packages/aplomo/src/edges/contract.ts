import type { Evidence } from "../base/events.ts";
import type { Answer } from "../host/http.ts";

/**
 * The contract of an edge, for who implements one: what stands in front of one application's units and makes a switch lossless.
 * `test/contract/edge.suite.ts` holds every driver to it, with the real program, real upstreams and a client that forgives nothing.
 *
 * A driver works for one application on this machine and must not disturb others on the same edge: not their routes, not their
 * open connections. It never prints and decides nothing: no rollback, no retry of a release. Programs are started through
 * `ctx.host` alone.
 *
 * Every method can be called again after a crash at any point of it, also by another process, and then ends as if it had been
 * called once. So what an edge does stands in the edge itself or in a file written beside and renamed, never in a driver's memory,
 * and nothing that was asked for may come true later, when a recovery has already decided otherwise. The caller holds the
 * application's lock: no two calls for one application overlap, calls for two applications do.
 *
 * The order of a switch: `point` to the new units, `drain` the old ones, stop them. With data to change: `hold`, `drain`, stop the
 * old units, change the data, start the new ones, `point`, `resume`.
 */
export interface Edge {
  readonly kind: string;
  readonly capabilities: EdgeCapabilities;

  /** What stands there, and reasons to refuse before anything is touched: not installed, too old, port taken, host name used by another application. */
  inspect(): Promise<EdgeFacts>;

  /**
   * The edge runs and knows this application's hosts. One that Aplomo runs is started when absent; one that is the user's own is only
   * asked. Called at the start of every deployment, mostly with nothing to do. What already points somewhere goes on pointing there.
   */
  ensure(): Promise<Evidence>;

  /**
   * The edge asks every upstream itself first, or the driver where `capabilities.checks` says so; when one does not answer it throws and
   * what was in front stays in front. Returns only when every new request goes to exactly these upstreams. Requests that are
   * under way stay where they are. While requests are held they go on waiting, for the new upstreams.
   */
  point(upstreams: readonly Upstream[]): Promise<Evidence>;

  /**
   * Waits until nothing is under way to these upstreams, which the edge no longer points at, or holds: requests and WebSockets have
   * ended, or the site's `drain` has passed. Cuts nothing: the units are stopped afterwards, and tell their clients themselves.
   */
  drain(upstreams: readonly Upstream[]): Promise<Drained>;

  /**
   * New requests wait instead of reaching the application, each for `limit` milliseconds at least; then it gets 502 or 504. Returns when no new
   * one gets through; those under way are for `drain`. Only with `capabilities.holds`. Does nothing when the edge points nowhere yet.
   */
  hold(limit: number): Promise<Evidence>;
  /** Requests flow again, those that waited first of all. Does nothing when nothing is held. */
  resume(): Promise<Evidence>;

  /** Where new requests go now, as the edge itself says it; what recovery begins with. */
  current(): Promise<Pointing>;

  /** Asks a unit over the way that requests would take, pointed at or not, for who does not reach it by itself; never throws. Left out: it cannot. */
  ask?(upstream: Upstream, path: string, timeout: number): Promise<Answer>;

  /** The edge forgets this application; one that Aplomo runs ends with its last application. */
  remove(): Promise<void>;
}

/** What drivers differ in: a plan depends on this, never on a driver's name. */
export interface EdgeCapabilities {
  /** Something is in front at all: without it the other fields mean nothing and the plan counts the seconds of a switch. */
  switches: boolean;
  /**
   * Requests can wait, this long at most; null: the application has to be stopped while its data changes. `survivesRestart`: those that
   * come after the edge itself was started again wait as well, until `resume`.
   */
  holds: { limitMs: number; survivesRestart: boolean } | null;
  /**
   * How `drain` knows the end. `counted`: it asks how many requests are under way. `point`: `point` and `hold` drain by themselves.
   * `blind`: nothing tells, so it waits the whole `drain` of the site.
   */
  drains: "counted" | "point" | "blind";
  /** A switch leaves idle connections of clients open. Else one that a client is just about to use may be closed under it. */
  keepsConnections: boolean;
  /** An application that comes or goes disturbs the others in nothing. Else a connection that was just being made may be reset, then and only then. */
  joinsQuietly: boolean;
  /** WebSockets on the old units go on until those stop. Else `point` and `hold` cut them. */
  keepsWebSockets: boolean;
  /** Who asks new upstreams whether they answer: the edge, over the way requests will take, or the driver from this machine. */
  checks: "edge" | "driver";
  /** `automatic`: the edge gets certificates by itself. `own`: they are a matter of the user's own configuration. */
  https: "automatic" | "own" | null;
}

/** What an edge is told of an application. */
export interface Site {
  app: string;
  /** Host names; none: whatever no other application on the edge answers for. */
  hosts: readonly string[];
  /** Requests below this path; `/` for all. It is not taken off. */
  path: string;
  https: boolean;
  /** PEM files to use instead of certificates the edge gets itself. */
  certificate: { file: string; key: string } | null;
  /** Asked of upstreams before they are pointed at, 2xx is well; null: any answer below 500 to `/` is. */
  health: string | null;
  /** Milliseconds that requests under way, and WebSockets, are given to end. */
  drain: number;
}

/** Where a unit's HTTP port is reached from the edge. */
export interface Upstream {
  host: string;
  port: number;
  /** What of the application it is a unit of; nothing to an edge of one site. */
  service?: string;
}

export interface EdgeFacts {
  /** `caddy 2.11.9`; null when it is not there. */
  version: string | null;
  running: boolean;
  /** Reasons to refuse, each with its next act. */
  refusals: { message: string; hint: string }[];
}

export interface Pointing {
  /** Null when it points nowhere yet. While requests are held: where they will go. */
  upstreams: readonly Upstream[] | null;
  holding: boolean;
  /** False: a `point` was begun and nobody knows how it ended. Call `point` again, whichever way. */
  settled: boolean;
}

export interface Drained {
  /** Nothing is under way any more; null when nothing can tell. */
  clean: boolean | null;
  /** How many requests and WebSockets were left when the time was over; null when nothing can tell. */
  left: number | null;
  ms: number;
}
