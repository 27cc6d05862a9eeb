import { readdir } from "node:fs/promises";
import { AplomoError } from "../../base/errors.ts";
import type { Context } from "../../host/context.ts";

/** A folder with psql and pg_dump; null stands for PATH. */
export interface Tools {
  bin: string | null;
  where: string;
  /** 15 */
  major: number;
  /** 15.18 */
  version: string;
}

/** Where distributions put each major version's programs. */
const places = [
  { folder: "/usr/lib/postgresql", bin: (entry: string) => `${entry}/bin` },
  { folder: "/usr", bin: (entry: string) => (/^pgsql-\d+$/.test(entry) ? `${entry}/bin` : null) },
];

/** The programs for a server's major version: its own, else the next newer ones, for an older pg_dump refuses a newer server. */
export function chooseTools(found: readonly Tools[], major: number): Tools | undefined {
  return found.filter((tools) => tools.major >= major).sort((a, b) => a.major - b.major)[0];
}

/** `15.18` in `pg_dump (PostgreSQL) 15.18 (Debian 15.18-1)`; undefined when it is none. */
export function toolVersion(text: string): { version: string; major: number } | undefined {
  const version = /\(PostgreSQL\) (\d+(?:\.\d+)*)/.exec(text)?.[1];
  return version === undefined ? undefined : { version, major: Number.parseInt(version, 10) };
}

/** Every set of client programs on this machine, newest first. */
export async function findTools(ctx: Context): Promise<Tools[]> {
  const bins: (string | null)[] = [null];
  for (const { folder, bin } of places) {
    const entries = await readdir(folder).catch(() => []);
    for (const entry of entries) {
      const path = bin(entry);
      if (path !== null) bins.push(`${folder}/${path}`);
    }
  }
  const found = await Promise.all(bins.map((bin) => ask(ctx, bin)));
  return found.filter((tools) => tools !== undefined).sort((a, b) => b.major - a.major);
}

async function ask(ctx: Context, bin: string | null): Promise<Tools | undefined> {
  const program = bin === null ? "pg_dump" : `${bin}/pg_dump`;
  const result = await ctx.host.attempt({ argv: [program, "--version"], timeout: 10_000 }, ctx.signal);
  const version = result.code === 0 ? toolVersion(result.stdout) : undefined;
  return version && { ...version, bin, where: bin ?? "PATH" };
}

/** The newest client programs: what first asks a server for its version. */
export async function newestTools(ctx: Context): Promise<Tools> {
  return newestOf(await findTools(ctx));
}

export function newestOf([newest]: readonly Tools[]): Tools {
  if (newest) return newest;
  throw new AplomoError({
    operation: "find",
    subject: "psql and pg_dump",
    cause: "neither /usr/lib/postgresql nor PATH has them",
    hint: "Install PostgreSQL's client programs of the server's major version: apt install postgresql-client.",
  });
}

/** Refuses a pg_dump older than the server: it would stop half-way, or not know what the server has. */
export function refuseOlder(name: string, server: string, major: number, tool: string, toolMajor: number, where: string): void {
  if (toolMajor >= major) return;
  throw new AplomoError({
    operation: "back up the database",
    subject: name,
    cause: `pg_dump ${tool} in ${where} is older than the server, PostgreSQL ${server}`,
    hint: `Install the programs of version ${major}: apt install postgresql-client-${major} (packages for every version: apt.postgresql.org).`,
  });
}
