import type { Seen } from "../locks.ts";
import type { Session } from "../session.ts";

const inPlace = "ALGORITHM=INPLACE";

/** What a statement does that changes a schema, as the server tells it of its sessions, and which of its algorithms that is. */
const modes: [state: RegExp, mode: string][] = [
  [/copy to tmp table/i, "ALGORITHM=COPY, writers wait"],
  [/alter|index|rename|optimi/i, inPlace],
  [/metadata lock/i, "waits for a metadata lock"],
];

/** Statements that change tables of this database now. */
export async function readLocks(session: Session): Promise<Seen[]> {
  const rows = await session.rows<{ id: number; state: string; query: string }>(
    `SELECT JSON_OBJECT('id', ID, 'state', COALESCE(STATE, ''), 'query', LEFT(INFO, 1000)) FROM information_schema.PROCESSLIST
     WHERE DB = DATABASE() AND ID <> CONNECTION_ID() AND INFO REGEXP '^[[:space:]]*(ALTER|CREATE|DROP|RENAME|TRUNCATE|OPTIMIZE)'`,
  );
  return rows.flatMap(({ id, state, query }) => {
    const mode = modes.find(([pattern]) => pattern.test(state))?.[1];
    const table = /\b(?:TABLE|ON)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?[`"]?([\w$]+)/i.exec(query)?.[1];
    if (mode === undefined || table === undefined) return [];
    return [{ by: `${id}`, table, mode, statement: query, ...(mode === inPlace ? { online: true } : {}) }];
  });
}
