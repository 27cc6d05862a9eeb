import type { Session } from "../session.ts";
import { identifier, literal } from "./quote.ts";

/** A dump says who owns what: on a fresh server they must be there. Without passwords, which belong to the server. */
export async function readRoles(session: Session): Promise<string[]> {
  const rows = await session.rows<{ name: string }>("SELECT rolname AS name FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' ORDER BY 1");
  return rows.map(({ name }) => name);
}

/** May be called again. */
export async function makeRoles(session: Session, roles: readonly string[]): Promise<void> {
  for (const role of roles) {
    const [found] = await session.rows(`SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ${literal(role)}`);
    if (!found) await session.run(`CREATE ROLE ${identifier(role)};`);
  }
}
