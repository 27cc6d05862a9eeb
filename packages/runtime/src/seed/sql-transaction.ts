/** What `pg` and `mysql2` have in common. */
interface Session {
  query(sql: string): Promise<unknown>;
}

/** Runs the work between BEGIN and COMMIT; a rejection rolls back. `release` is called in any case. */
export async function inTransaction<T>(session: Session, work: () => Promise<T>, release: () => void = () => undefined): Promise<T> {
  try {
    await session.query("BEGIN");
    const result = await work();
    await session.query("COMMIT");
    return result;
  } catch (error) {
    await session.query("ROLLBACK").catch(() => undefined);
    throw error;
  } finally {
    release();
  }
}

/** A name of one or more parts, each in the database's quotation mark. */
export function quoted(name: string, mark: '"' | "`"): string {
  return name
    .split(".")
    .map((part) => mark + part.replaceAll(mark, mark + mark) + mark)
    .join(".");
}
