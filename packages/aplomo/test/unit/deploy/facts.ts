import { parse } from "valibot";
import type { Config } from "../../../src/config/config.ts";
import { schema, type Settings } from "../../../src/config/schema.ts";
import type { Facts } from "../../../src/deploy/facts.ts";
import { none } from "../../../src/edges/none/none.ts";
import type { Abilities } from "../../../src/deploy/plan.ts";
import type { Release } from "../../../src/deploy/releases.ts";

/** Settings as aplomo.yml gives them, defaults filled in. */
export function settings(more: Record<string, unknown> = {}): Settings {
  return parse(schema, { app: "agenda", target: { kind: "compose" }, ...more });
}

export function config(more: Record<string, unknown> = {}): Config {
  return { file: "/srv/agenda/aplomo.yml", directory: "/srv/agenda", settings: settings(more), environment: new Map() };
}

/** A deploy of r2 over r1 that leaves data alone. */
export function facts(more: Partial<Facts> = {}): Facts {
  return {
    app: "agenda",
    action: "deploy",
    deployment: "d2",
    startedAt: "2026-11-22T15:45:00.000Z",
    release: { id: "r2", path: "/state/releases/r2" },
    previous: { id: "r1", path: "/state/releases/r1" },
    adopt: false,
    change: "none",
    restore: {},
    changeReason: "data is left alone",
    differences: [],
    target: { runtime: "docker compose 2.40.3", replaces: ["web"], data: [], refusals: [], interrupts: 2_000 },
    measured: {},
    prune: [],
    ...more,
  };
}

export function abilities(target: Partial<Abilities["target"]> = {}): Abilities {
  return {
    target: { candidate: false, lossless: false, beside: true, ...target },
    edge: none.capabilities,
    lockTimeoutEnv: { agenda: (ms) => ({ PGOPTIONS: `-c lock_timeout=${ms}` }) },
  };
}

export function release(id: string, more: Partial<Release> = {}): Release {
  return {
    version: 1,
    id,
    app: "agenda",
    kind: "compose",
    createdAt: "2026-11-22T15:45:00.000Z",
    deployment: `d${id.slice(1)}`,
    author: "ana",
    commit: null,
    dirty: false,
    adopted: false,
    artifacts: { web: "sha256:aaaaaaaaaaaaaaaa" },
    environment: { A: "1" },
    migrations: "m1",
    ...more,
  };
}
