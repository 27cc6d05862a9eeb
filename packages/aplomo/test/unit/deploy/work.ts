import type { Evidence } from "../../../src/base/events.ts";
import { none } from "../../../src/edges/none/none.ts";
import type { Database } from "../../../src/databases/contract.ts";
import type { Facts } from "../../../src/deploy/facts.ts";
import type { Work } from "../../../src/deploy/step.ts";
import type { Target, Unit } from "../../../src/targets/contract.ts";
import { config, facts } from "./facts.ts";

/** What a gate or step of a test works with; whatever it does not name is absent and fails when used. */
export interface Parts {
  settings?: Record<string, unknown>;
  facts?: Partial<Facts>;
  target?: Partial<Target>;
  databases?: Partial<Database>[];
  evidence?: Record<string, Evidence>;
  started?: string[];
}

export function work(parts: Parts): Work {
  const { signal } = new AbortController();
  return {
    ctx: { signal, now: () => new Date(), emit: () => {} },
    config: config(parts.settings),
    facts: facts(parts.facts),
    paths: {},
    target: { logs: async () => "its last words", ...parts.target },
    edge: none,
    databases: parts.databases ?? [],
    evidenceOf: (id: string) => parts.evidence?.[id],
    wasStarted: (id: string) => parts.started?.includes(id) ?? false,
    progress: () => {},
  } as unknown as Work;
}

/** A sound unit of r2. */
export function unit(more: Partial<Unit> = {}): Unit {
  return {
    id: "u1",
    name: "agenda-web-1",
    service: "web",
    release: "r2",
    state: "running",
    health: null,
    startedAt: "2026-11-22T15:45:00.000Z",
    restarts: 0,
    exitCode: null,
    address: null,
    ...more,
  };
}
