import type { Signal } from "./signal.ts";

const minute = 60_000;
/** A look may be unlucky: trouble counts when it is there at so many looks in a row. */
const confirm = 2;
/** What begins within this time of an incident belongs to it: a database that is down takes health, invariants and logs with it. */
const together = 10 * minute;
/** Closed ones that are remembered. */
const remember = 100;

export interface Trouble extends Signal {
  /** First and last seen, ISO 8601. */
  since: string;
  last: string;
}

/** Trouble that people are told of once, and once that it is over. */
export interface Incident {
  /** `i7`. */
  id: string;
  openedAt: string;
  overAt: string | null;
  troubles: Trouble[];
  /** What was told, ISO 8601; null: not yet. */
  told: { problem: string | null; over: string | null };
}

/** What is remembered between two looks. */
export interface Ledger {
  version: 1;
  /** Seen, but not often enough yet: key to how often, and since when. */
  pending: Record<string, { times: number; since: string }>;
  /** Newest first. */
  incidents: Incident[];
  count: number;
}

export const emptyLedger: Ledger = { version: 1, pending: {}, incidents: [], count: 0 };

/** Pure: the ledger after one more look. Trouble is over when it has been away for `calm` milliseconds; what comes and goes is one incident. */
export function note(ledger: Ledger, signals: readonly Signal[], now: Date, calm: number): Ledger {
  const at = now.toISOString();
  const seen = new Map(signals.map((signal) => [signal.key, signal]));
  const open = ledger.incidents.filter(isOpen).map((incident) => ({
    ...incident,
    troubles: incident.troubles.map((trouble) => {
      const again = seen.get(trouble.key);
      return again ? { ...again, since: trouble.since, last: at } : trouble;
    }),
  }));
  const known = new Set(open.flatMap(({ troubles }) => troubles.map(({ key }) => key)));
  const fresh = [...seen.values()].filter(({ key }) => !known.has(key));
  const pending = Object.fromEntries(
    fresh.map(({ key }) => {
      const before = ledger.pending[key];
      return [key, { times: (before?.times ?? 0) + 1, since: before?.since ?? at }];
    }),
  );
  const sure = fresh.filter(({ key }) => (pending[key]?.times ?? 0) >= confirm);
  const troubles = sure.map((signal) => ({ ...signal, since: pending[signal.key]?.since ?? at, last: at }));
  for (const { key } of sure) delete pending[key];

  let { count } = ledger;
  const recent = open.find((incident) => mayJoin(incident, troubles, now));
  if (troubles.length > 0 && recent) recent.troubles.push(...troubles);
  else if (troubles.length > 0) {
    count += 1;
    open.unshift({ id: `i${count}`, openedAt: at, overAt: null, troubles, told: { problem: null, over: null } });
  }
  const after = open.map((incident) => (isOver(incident, now, calm) ? { ...incident, overAt: at } : incident));
  const closed = ledger.incidents.filter((incident) => !isOpen(incident));
  return { version: 1, pending, incidents: [...after, ...closed].slice(0, remember), count };
}

/** An error is never hidden in a warning that was told already. */
function mayJoin({ openedAt, troubles }: Incident, fresh: readonly Trouble[], now: Date): boolean {
  const grave = (all: readonly Trouble[]): boolean => all.some(({ level }) => level === "error");
  return now.getTime() - Date.parse(openedAt) < together && (grave(troubles) || !grave(fresh));
}

export function isOpen({ overAt }: Incident): boolean {
  return overAt === null;
}

function isOver({ troubles }: Incident, now: Date, calm: number): boolean {
  return troubles.every(({ last }) => now.getTime() - Date.parse(last) >= calm);
}

export interface Untold {
  incident: Incident;
  kind: "problem" | "over";
}

/** Pure: what has to be told and was not. Nobody hears of the end of what they never heard of. */
export function untold(ledger: Ledger): Untold[] {
  return ledger.incidents.toReversed().flatMap((incident): Untold[] => {
    if (incident.told.problem === null) return isOpen(incident) ? [{ incident, kind: "problem" }] : [];
    return !isOpen(incident) && incident.told.over === null ? [{ incident, kind: "over" }] : [];
  });
}

export function markTold(ledger: Ledger, id: string, kind: "problem" | "over", now: Date): Ledger {
  const incidents = ledger.incidents.map((one) => (one.id === id ? { ...one, told: { ...one.told, [kind]: now.toISOString() } } : one));
  return { ...ledger, incidents };
}
