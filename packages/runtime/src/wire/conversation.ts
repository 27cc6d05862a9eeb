import type { Row, Session } from "./session.ts";
import type { Stream } from "./stream.ts";

/** Makes a session of a stream: logs in, then asks one statement after another, because a connection has one conversation. */
export async function converse(stream: Stream, login: () => Promise<unknown>, ask: (sql: string) => Promise<Row[]>): Promise<Session> {
  try {
    await login();
  } catch (error) {
    stream.close();
    throw error;
  }
  let turn: Promise<unknown> = Promise.resolve();
  return {
    query(sql) {
      const rows = turn.then(() => ask(sql));
      turn = rows.catch(() => undefined);
      return rows;
    },
    ended: stream.ended,
    close: () => stream.close(),
  };
}
