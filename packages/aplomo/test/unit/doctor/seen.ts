import { unexamined } from "../../../src/doctor/look/units.ts";
import type { Observed, SeenDatabase, SeenFront, SeenUnit } from "../../../src/doctor/observed.ts";
import { unit as plain } from "../deploy/work.ts";

export const now: number = Date.parse("2026-11-22T16:00:00.000Z");
const lately = new Date(now - 30_000).toISOString();

/** A unit of r2 that does well. */
export function unit(more: Partial<SeenUnit> = {}): SeenUnit {
  const { unit: own, ...rest } = unexamined(plain({ startedAt: lately, front: true }));
  return { ...own, ...rest, log: "listening on 3000", differences: [], answer: null, ...more };
}

/** One that ends with an error and is begun anew; its last words. */
export const saying = (log: string, more: Partial<SeenUnit> = {}): Partial<Observed> => ({
  units: [unit({ state: "restarting", restarts: 4, exitCode: 1, startedAt: null, log, ...more })],
});

export function database(more: Partial<SeenDatabase> = {}): SeenDatabase {
  return { name: "agenda", problem: null, counts: { visits: 100 }, backup: null, broken: [], halfMigrated: [], ...more };
}

export function front(more: Partial<SeenFront> = {}): SeenFront {
  return { edge: null, doors: [], public: [], refusals: [], services: ["web"], ...more };
}

export const edge: NonNullable<SeenFront["edge"]> = {
  kind: "caddy",
  running: true,
  holding: false,
  upstreams: ["127.0.0.1:20001"],
  meant: ["127.0.0.1:20001"],
  refusals: [],
};

export const address: SeenFront["public"][number] = {
  url: "https://example.com",
  status: 200,
  problem: null,
  said: "",
  certificateDays: 60,
  clockAheadMs: 100,
};

/** An application that does well in all that is looked at. */
export function observed(more: Partial<Observed> = {}): Observed {
  return {
    app: "agenda",
    now,
    release: "r2",
    unseen: {},
    units: [unit()],
    environment: [],
    databases: [database()],
    front: front({ edge, public: [address] }),
    disks: [{ path: "/", holds: "backups", bytes: { free: 40e9, total: 80e9 }, inodes: { free: 1e6, total: 2e6 } }],
    backups: {
      databases: [{ database: "agenda", id: "b1", age: "1 h", proven: { id: "b1", age: "1 h" }, late: null, kept: [] }],
      stores: [{ store: "elsewhere", completeAt: "2026-11-22T15:00:00.000Z", failure: null }],
    },
    deployments: { running: null, unfinished: null, deadOwner: null, newest: now - 1_000, incomplete: null },
    ...more,
  };
}
